import { describe, expect, it } from "vitest";
import { SharedParams } from "../../../../packages/host/src/transport/rpc/shared-params.js";
import { connection } from "./connection-kit.js";

const ok = (result: unknown = 1): unknown => ({ type: "result", result });

describe("an event", () => {
  it("is one frame with the next number, and its answer is told while the answer is read", async () => {
    const { post, said, told, tell, settled, connection: it } = connection();
    expect([post("a", 1_000, "hook.handle"), post("b", 1_000, "hook.batch")]).toEqual([1, 2]);
    await settled();
    expect(said).toEqual([
      '{"jsonrpc":"2.0","method":"hook.handle","params":{},"id":1}',
      '{"jsonrpc":"2.0","method":"hook.batch","params":{},"id":2}',
    ]);
    expect(it.waiting).toBe(true);
    tell({ id: 2, result: 2 });
    tell({ id: 1, result: 1 });
    expect(told).toEqual([
      ["b", ok(2)],
      ["a", ok(1)],
    ]);
    expect(it.waiting).toBe(false);
  });

  it("leaves together with others of the same turn, in one write", async () => {
    const { connection: it, post, writes, said, settled } = connection();
    post("a");
    post("b", 1_000, "tool.call");
    it.tell("c", null);
    expect(writes).toEqual([]);
    await settled();
    expect([writes.length, said.length]).toEqual([1, 3]);
  });

  it("with parameters that are shared goes the same way, whatever its method", async () => {
    const { connection: it, said, told, tell, settled } = connection();
    const params = new SharedParams(Buffer.from('{"a":"ä"'), ',"b":2}');
    it.post("tool.call", params, { settle: (reply) => void told.push(reply), dueMs: 1_000 });
    await settled();
    expect(said).toEqual(['{"jsonrpc":"2.0","method":"tool.call","params":{"a":"ä","b":2},"id":1}']);
    tell({ id: 1, result: 1 });
    expect(told).toEqual([ok()]);
  });

  it("that is too large is not sent, waits for nothing, and takes its number with it", async () => {
    const { connection: it, clock, post, said, told, settled } = connection();
    const huge = new SharedParams(Buffer.alloc(32 * 1024 * 1024 + 1), "");
    const waiting = { settle: () => void told.push("told"), dueMs: 10 };
    expect(it.post("hook.handle", huge, waiting)).toEqual({ type: "not_sent", reason: "too_large" });
    expect([it.waiting, clock.armed]).toEqual([false, 0]);
    expect(post("next")).toBe(2);
    await settled();
    expect([told, said.length]).toEqual([[], 1]);
  });

  it("is not sent either when too much waits for a process that does not read", () => {
    const { connection: it, stdin } = connection();
    stdin.cork();
    const large = new SharedParams(Buffer.alloc(31 * 1024 * 1024), "");
    const waiting = { settle() {}, dueMs: 10 };
    expect([1, 2].map(() => it.post("hook.handle", large, waiting))).toEqual([1, 2]);
    expect(it.post("hook.handle", large, waiting)).toEqual({ type: "not_sent", reason: "full" });
  });

  it("is closed at once when nothing can be written any more", () => {
    const { connection: it, stdin, post, told } = connection();
    stdin.destroy();
    expect(post("a")).toEqual({ type: "closed" });
    expect([told, it.waiting]).toEqual([[], false]);
  });
});

describe("a deadline", () => {
  it("ends each request at its own time, and not a moment before", async () => {
    const { post, told, clock, connection: it } = connection();
    post("late", 300);
    post("early", 100);
    post("middle", 200, "ping");
    post("endless", Number.POSITIVE_INFINITY);
    const timeout = { type: "timeout", lagged: false };
    await clock.pass(99);
    expect(told).toEqual([]);
    await clock.pass(1);
    expect(told).toEqual([["early", timeout]]);
    await clock.pass(99);
    expect(told).toHaveLength(1);
    await clock.pass(1);
    expect(told.slice(1)).toEqual([["middle", timeout]]);
    await clock.pass(99);
    expect(told).toHaveLength(2);
    await clock.pass(1);
    expect(told.slice(2)).toEqual([["late", timeout]]);
    expect([clock.armed, it.waiting]).toEqual([0, true]);
  });

  it("is nobody's fault when the host itself did not run", async () => {
    const { post, told, clock } = connection();
    post("a", 100);
    await clock.jump(60_000);
    expect(told).toEqual([]);
    await clock.pass(60_000);
    expect(told).toEqual([["a", { type: "timeout", lagged: true }]]);
  });

  it("comes after a look at a stream that was held back: the answer may stand in it", async () => {
    const { post, told, clock, stdout, flood, tell, connection: it } = connection();
    post("answered", 1_100);
    post("silent", 1_100);
    flood();
    expect(stdout.isPaused()).toBe(true);
    await clock.pass(99);
    expect([stdout.isPaused(), told]).toEqual([true, []]);
    stdout.once("resume", () => tell({ id: 1, result: 1 }));
    await clock.pass(1);
    expect(told).toEqual([
      ["answered", ok()],
      ["silent", { type: "timeout", lagged: false }],
    ]);
    expect([it.waiting, clock.armed]).toEqual([false, 0]);
  });

  it("is preceded by such a look each time, but by one look only, however much noise comes", async () => {
    const { post, told, clock, stdout, flood, settled } = connection();
    for (const round of [1, 2]) {
      post("silent", clock.now() + 1_100);
      flood();
      await settled();
      expect(stdout.isPaused()).toBe(true);
      const resumed: number[] = [];
      stdout.once("resume", () => {
        resumed.push(told.length);
        flood(20);
      });
      await clock.pass(100);
      expect([resumed, told.length, stdout.isPaused()]).toEqual([[round - 1], round, true]);
      await clock.pass(10_000);
    }
  });
});

describe("a stream that is held back", () => {
  it("is read again when somebody begins to wait, but not for one more who waits", async () => {
    const { post, stdout, flood, tell, settled } = connection();
    flood();
    expect(stdout.isPaused()).toBe(true);
    post("first", 100_000);
    expect(stdout.isPaused()).toBe(false);
    await settled();
    flood();
    post("second", 100_000);
    expect(stdout.isPaused()).toBe(true);
    tell({ id: 1, result: 1 });
    post("third", 100_000);
    expect(stdout.isPaused()).toBe(true);
  });
});
