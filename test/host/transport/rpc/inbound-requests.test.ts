import { setImmediate } from "node:timers/promises";
import { FrameReader, FrameWriter, type FrameWriterOptions } from "@synaps/sdk/framing";
import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import {
  InboundRequests,
  RequestFailure,
  type RequestHandler,
} from "../../../../packages/host/src/transport/rpc/inbound-requests.js";

/** Requests of an extension that this handler answers; `said` is what the extension gets to read. */
function answering(handler: RequestHandler, limits: FrameWriterOptions = {}, queued = 0) {
  const said: string[] = [];
  const reader = new FrameReader({ onMessage: (_, text) => void said.push(text) });
  const sink = {
    writable: true,
    writableLength: queued,
    write: (text: string): boolean => {
      reader.push(Buffer.from(text));
      return true;
    },
  };
  const seen = { answered: 0 };
  const requests = new InboundRequests(new FrameWriter(sink, limits), handler, () => (seen.answered += 1));
  return { requests, said, sink, seen };
}

const failure = (id: unknown, code: number, message: string): string =>
  JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });

describe("a request of the extension", () => {
  it("is answered with what the handler returns, under its own id", async () => {
    const { requests, said } = answering((method, params) => ({ method, params }));
    requests.handle(5, "a", [1], []);
    requests.handle('ä"', "b", undefined, []);
    await setImmediate();
    expect(said).toEqual([
      '{"jsonrpc":"2.0","id":5,"result":{"method":"a","params":[1]}}',
      '{"jsonrpc":"2.0","id":"ä\\"","result":{"method":"b"}}',
    ]);
  });

  it("is answered with null when the handler returns nothing, and with every other value as it is", async () => {
    for (const [result, text] of [
      [undefined, "null"],
      [null, "null"],
      [0, "0"],
      ["", '""'],
      [false, "false"],
      [Promise.resolve([1]), "[1]"],
    ] as const) {
      const { requests, said } = answering(() => result);
      requests.handle(1, "a", null, []);
      await setImmediate();
      expect(said).toEqual([`{"jsonrpc":"2.0","id":1,"result":${text}}`]);
    }
  });

  it("fails with the code and the words of a RequestFailure, thrown or rejected", async () => {
    const refused = new RequestFailure(WIRE_ERRORS.permission_denied, "not yours");
    const throws = (): never => {
      throw refused;
    };
    for (const handler of [throws, () => Promise.reject(refused)]) {
      const { requests, said } = answering(handler);
      requests.handle(1, "a", null, []);
      await setImmediate();
      expect(said).toEqual([failure(1, 1001, "not yours")]);
    }
  });

  it("fails as an internal error on anything else", async () => {
    const { requests, said } = answering((method) => {
      if (method === "text") throw "a text";
      if (method === "big") return 1n;
      throw new Error("an error");
    });
    for (const method of ["error", "text", "big"]) requests.handle(method, method, null, []);
    await setImmediate();
    expect(said.slice(0, 2)).toEqual([
      failure("error", -32_603, "an error"),
      failure("text", -32_603, "a text"),
    ]);
    expect(JSON.parse(said[2] ?? "")).toMatchObject({ id: "big", error: { code: -32_603 } });
  });

  it("fails when an integer of its parameters lost digits: the handler never sees it", async () => {
    const { requests, said, seen } = answering(() => expect.unreachable());
    requests.handle(1, "a", null, ["/first", "/second"]);
    requests.handle(2, "a", null, [`/${"x".repeat(300)}`]);
    await setImmediate();
    const told = (pointer: string): string =>
      `the integer at '${pointer}' is beyond 2^53: send its digits as a string`;
    expect(said).toEqual([
      failure(1, WIRE_ERRORS.invalid_params, told("/first")),
      failure(2, WIRE_ERRORS.invalid_params, told(`/${"x".repeat(199)}`)),
    ]);
    expect([requests.open, seen.answered]).toEqual([0, 0]);
  });

  it("fails when its answer is too large, or too much waits to be read", async () => {
    const large = answering(() => "x".repeat(300), { maxBodyBytes: 250 });
    large.requests.handle(1, "a", null, []);
    const full = answering(() => "x".repeat(300), { maxQueuedBytes: 300 }, 100);
    full.requests.handle(1, "a", null, []);
    await setImmediate();
    expect(large.said).toEqual([failure(1, WIRE_ERRORS.overloaded, "the answer was not sent: too_large")]);
    expect(full.said).toEqual([failure(1, WIRE_ERRORS.overloaded, "the answer was not sent: full")]);
  });

  it("is answered in silence when the extension reads no more", async () => {
    const { requests, said, sink, seen } = answering(() => 1);
    let looked = 0;
    Object.defineProperty(sink, "writable", { get: () => (looked += 1) > 1 });
    requests.handle(1, "a", null, []);
    await setImmediate();
    expect([said, looked, requests.open, seen.answered]).toEqual([[], 1, 0, 1]);
  });
});

describe("open requests", () => {
  it("are counted until they are answered, and the last answer is announced", async () => {
    const ends: (() => void)[] = [];
    const { requests, seen } = answering(
      () => new Promise<null>((resolve) => ends.push(() => resolve(null))),
    );
    for (const id of [1, 2]) requests.handle(id, "a", null, []);
    expect(requests.open).toBe(2);
    ends[1]?.();
    await setImmediate();
    expect([requests.open, seen.answered]).toEqual([1, 0]);
    ends[0]?.();
    await setImmediate();
    expect([requests.open, seen.answered]).toEqual([0, 1]);
  });

  it("are at most 256: one more is refused in words, before anything else about it is looked at", () => {
    const { requests, said } = answering(() => new Promise<null>(() => {}));
    for (let id = 1; id <= 257; id += 1) requests.handle(id, "a", null, id === 257 ? ["/n"] : []);
    expect(said).toEqual([failure(257, WIRE_ERRORS.overloaded, "too many requests at a time: at most 256")]);
    expect(requests.open).toBe(256);
  });
});
