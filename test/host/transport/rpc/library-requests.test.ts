import { describe, expect, it } from "vitest";
import { SharedParams } from "../../../../packages/host/src/transport/rpc/shared-params.js";
import { connection } from "./connection-kit.js";

const METHOD = "tool.call";

/** What a request through the library ended with, and how often, once this message came. */
async function endOf(message: object): Promise<unknown[]> {
  const { post, told, tell, settled } = connection();
  post("a", 1_000, METHOD);
  tell(message);
  await settled();
  return told.map((one) => (one as unknown[])[1]);
}

describe("a request that is no event", () => {
  it("is one frame, and shares its numbers with events", async () => {
    const { connection: it, post, said, settled } = connection();
    const waiting = { settle() {}, dueMs: 1_000 };
    expect(it.post("tool.call", '{"a":"ä"}', waiting)).toBe(1);
    expect(post("event")).toBe(2);
    expect(it.post("ping", "null", waiting)).toBe(3);
    await settled();
    expect(said).toEqual([
      '{"jsonrpc":"2.0","method":"tool.call","params":{"a":"ä"},"id":1}',
      '{"jsonrpc":"2.0","method":"hook.handle","params":{},"id":2}',
      '{"jsonrpc":"2.0","method":"ping","params":null,"id":3}',
    ]);
  });

  it("ends with the result as it came, and with the integers that lost digits in it", async () => {
    for (const result of [{ a: 1 }, [], "text", 0, false, null])
      expect(await endOf({ id: 1, result })).toStrictEqual([{ type: "result", result }]);
    const { post, told, hear, settled } = connection();
    post("a", 1_000, METHOD);
    const body = '{"id":1,"result":[9007199254740993]}';
    hear(`Content-Length: ${body.length}\r\n\r\n${body}`);
    await settled();
    expect(told).toStrictEqual([["a", { type: "result", result: [2 ** 53], inexact: ["/0"] }]]);
  });

  it("ends with the error as it came", async () => {
    const error = { code: -32_800, message: "no", data: { a: 1 } };
    expect(await endOf({ id: 1, error })).toStrictEqual([{ type: "error", ...error }]);
    const bare = { code: 0, message: "" };
    expect(await endOf({ id: 1, error: bare })).toStrictEqual([{ type: "error", ...bare }]);
  });

  it("is told of its answer in the turn in which the answer was read, but not while it is read", async () => {
    const { connection: it, post, told, tell, said, settled } = connection();
    it.enableCancel();
    post("failed", 1_000, METHOD);
    tell({ id: 1, error: { code: 1, message: "no" } });
    expect(told).toEqual([]);
    await settled();
    expect([told.splice(0).length, said.length]).toEqual([1, 1]);
    post("a", 1_000, METHOD);
    tell({ id: 2, result: 1 });
    expect(told).toEqual([]);
    for (let n = 0; n < 20; n += 1) await Promise.resolve();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(told).toHaveLength(1);
  });

  it("is answered in whatever order answers come", async () => {
    const { post, told, tell, settled } = connection();
    for (const name of ["a", "b", "c"]) post(name, 1_000, METHOD);
    for (const id of [3, 1, 2]) tell({ id, result: id });
    await settled();
    expect(told).toEqual([
      ["c", { type: "result", result: 3 }],
      ["a", { type: "result", result: 1 }],
      ["b", { type: "result", result: 2 }],
    ]);
  });

  it("says how it ended when it was not sent, and nobody is told", async () => {
    const { connection: it, clock, stdin, told } = connection();
    const waiting = { settle: () => void told.push("told"), dueMs: 10 };
    stdin.cork();
    // Nearly all that may wait for a process that does not read.
    const large = new SharedParams(Buffer.alloc(32 * 1024 * 1024 - 300), "");
    for (const id of [1, 2]) expect(it.post(METHOD, large, { settle() {}, dueMs: 100 })).toBe(id);
    for (const id of [1, 2]) it.giveUp(id, { type: "cancelled" });
    expect(it.post(METHOD, `"${"x".repeat(600)}"`, waiting)).toEqual({ type: "not_sent", reason: "full" });
    expect(it.waiting).toBe(false);
    expect(it.post(METHOD, "{}", { settle() {}, dueMs: 1_000 })).toBe(4);
    stdin.destroy();
    expect(it.post(METHOD, "{}", waiting)).toEqual({ type: "closed" });
    await clock.pass(100);
    expect(told).toEqual([]);
  });

  it("ends once when its time is over, and a cancelled answer that comes then is late", async () => {
    const { connection: it, clock, post, told, said, tell, settled } = connection();
    it.enableCancel();
    post("a", 10, METHOD);
    post("b", 20, METHOD);
    await clock.pass(10);
    tell({ id: 1, error: { code: 1004, message: "cancelled" } });
    await settled();
    expect(told).toEqual([["a", { type: "timeout", lagged: false }], ["late"]]);
    tell({ id: 2, result: 1 });
    await settled();
    expect(told[2]).toEqual(["b", { type: "result", result: 1 }]);
    expect(said.slice(2)).toEqual(['{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}']);
  });

  it("ends once as closed and as unreadable, without a cancellation", async () => {
    const { connection: it, post, told, said, hear, settled } = connection();
    it.enableCancel();
    post("a", 1_000, METHOD);
    hear("Content-Length: 0\r\n\r\n");
    post("b", 1_000, METHOD);
    it.close();
    await settled();
    expect(told).toMatchObject([
      ["problem", "not_json", ""],
      ["a", { type: "unreadable" }],
      ["b", { type: "closed" }],
    ]);
    expect(said).toHaveLength(2);
  });
});
