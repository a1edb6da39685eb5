import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { connection } from "./connection-kit.js";

const CANCELLED = { type: "cancelled" } as const;
const CLOSED = { type: "closed" };
const cancel = (id: number): string => `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${id}}}`;

describe("a request that is given up", () => {
  it("is told so at once, and its answer comes too late", async () => {
    for (const method of ["hook.handle", "tool.call"]) {
      const { connection: it, post, said, told, tell, settled } = connection();
      post("a", 1_000, method);
      it.giveUp(1, CANCELLED);
      expect(told).toEqual([["a", CANCELLED]]);
      it.giveUp(1, CANCELLED);
      tell({ id: 1, result: 1 });
      await settled();
      expect(told).toEqual([["a", CANCELLED], ["late"]]);
      // Protocols 1 and 2 know no cancellation.
      expect(said).toHaveLength(1);
    }
  });

  it("is cancelled on the other side first, where that is understood, and once", async () => {
    for (const method of ["hook.handle", "tool.call"]) {
      const { connection: it, said, told, settled } = connection();
      it.enableCancel();
      const settle = (): void => {
        told.push("told");
        it.tell("next", null);
      };
      it.post(method, "{}", { settle, dueMs: 1_000 });
      it.giveUp(1, CANCELLED);
      it.giveUp(1, CANCELLED);
      it.giveUp(2, CANCELLED);
      await settled();
      expect(said.slice(1)).toEqual([cancel(1), '{"jsonrpc":"2.0","method":"next","params":null}']);
      expect(told).toEqual(["told"]);
    }
  });

  it("is cancelled on the other side when its time is over, too", async () => {
    const { connection: it, clock, post, said } = connection();
    it.enableCancel();
    post("a", 10, "hook.batch");
    post("b", 20, "tool.call");
    await clock.pass(20);
    expect(said.slice(2)).toEqual([cancel(1), cancel(2)]);
  });

  it("is not cancelled when it was answered, or when the connection closed", async () => {
    const { connection: it, post, said, told, tell, settled } = connection();
    it.enableCancel();
    for (const method of ["hook.handle", "tool.call"]) post(method, 1_000, method);
    tell({ id: 1, result: 1 });
    tell({ id: 2, result: 2 });
    await settled();
    for (const method of ["hook.handle", "tool.call"]) post(method, 1_000, method);
    await settled();
    it.close();
    await settled();
    expect(said).toHaveLength(4);
    expect(told.slice(2)).toEqual([
      ["hook.handle", CLOSED],
      ["tool.call", CLOSED],
    ]);
  });
});

describe("a request that is waited for", () => {
  it("ends with its answer, or when its own time is over, counted from now", async () => {
    const { connection: it, clock, tell, settled } = connection();
    await clock.pass(5_000);
    const answered = it.request("hook.handle", "{}", 100);
    const silent = it.request("tool.call", "{}", 100);
    let over = false;
    void silent.then(() => (over = true));
    tell({ id: 1, result: { a: 1 } });
    expect(await answered).toEqual({ type: "result", result: { a: 1 } });
    await clock.pass(99);
    expect(over).toBe(false);
    await clock.pass(1);
    await settled();
    expect(over).toBe(true);
    expect(await silent).toEqual({ type: "timeout", lagged: false });
  });

  it("is not even sent when its signal was given before", async () => {
    const { connection: it, said, settled } = connection();
    expect(await it.request("ping", "null", 100, AbortSignal.abort())).toEqual(CANCELLED);
    await settled();
    expect([said, it.waiting]).toEqual([[], false]);
  });

  it("ends by its signal, is cancelled once, and listens to the signal no more", async () => {
    const { connection: it, said, settled } = connection();
    it.enableCancel();
    const controller = new AbortController();
    const ended = it.request("hook.handle", "{}", 100, controller.signal);
    controller.abort();
    expect(await ended).toEqual(CANCELLED);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    await settled();
    expect(said.slice(1)).toEqual([cancel(1)]);
  });

  it("ends at once when it could not be sent, and never listens to its signal", async () => {
    const { connection: it, stdin } = connection();
    const { signal } = new AbortController();
    stdin.destroy();
    for (const method of ["hook.handle", "tool.call"]) {
      expect(await it.request(method, "{}", 100, signal)).toEqual(CLOSED);
      expect(getEventListeners(signal, "abort")).toHaveLength(0);
    }
  });
});

describe("a connection that was closed", () => {
  it("settles all that is open as closed, in the order of asking, once", async () => {
    const { connection: it, post, told, settled } = connection();
    post("a", 1_000, "hook.handle");
    post("b", 1_000, "tool.call");
    post("c", 1_000, "hook.batch");
    it.close();
    it.close();
    await settled();
    expect(told).toEqual(["a", "b", "c"].map((name) => [name, CLOSED]));
    expect(it.waiting).toBe(false);
  });

  it("bears that who is told gives up the next one", () => {
    const { connection: it, post, told } = connection();
    it.post("hook.handle", "{}", { settle: () => it.giveUp(2, CANCELLED), dueMs: 1_000 });
    post("b");
    post("c");
    it.close();
    expect(told).toEqual([
      ["b", CANCELLED],
      ["c", CLOSED],
    ]);
  });

  it("sends nothing, hears nothing and arms no timer any more", async () => {
    const { connection: it, clock, post, said, told, tell, hear, stdout, settled } = connection();
    expect(it.tell("first", { a: 1 })).toBe(true);
    it.close();
    expect([post("a"), post("b", 10, "tool.call")]).toEqual([CLOSED, CLOSED]);
    expect(await it.request("ping", "null", 10)).toEqual(CLOSED);
    expect(it.tell("second", null)).toBe(false);
    tell({ method: "task.log" });
    hear("noise\n");
    stdout.emit("end");
    await settled();
    expect(said).toEqual(['{"jsonrpc":"2.0","method":"first","params":{"a":1}}']);
    expect([told, clock.armed]).toEqual([[], 0]);
  });
});

it("a notification that cannot be written is reported as not sent", () => {
  const { connection: it, stdin } = connection();
  stdin.destroy();
  expect(it.tell("first", null)).toBe(false);
});
