import { describe, expect, it } from "vitest";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { extensionOf } from "./extension-kit.js";
import { loadedExtension } from "./loaded-kit.js";
import { well, type Script } from "../../../helpers/scripted-child.js";

const TOOL = { name: "t", description: "d", input_schema: {} };
const THREE = { protocol_version: 3 };
const silent: Script = () => undefined;
const refuses: Script = (heard, child) =>
  heard.method === "initialize" ? { error: { code: 1, message: "no key" } } : void child.end({ code: 0 });

const lazy = (): ReturnType<typeof loadedExtension> =>
  loadedExtension(
    { ...THREE, permissions: ["tools.intercept", "tools.register"], deferred: { tools: [TOOL] } },
    { activation: "tool" },
  );

describe("an extension", () => {
  it("is described before it has a process, and while it has one", async () => {
    const { extension, started, work, children } = extensionOf([well()]);
    const base = {
      id: "x",
      version: "1.2.3",
      protocol: 3,
      activation: "eager",
      waitsForUse: false,
      restartCount: 0,
      lateReplies: 0,
      strayBytes: 0,
      tools: [],
      reason: undefined,
      ...work.reports,
    };
    expect(extension.snapshot()).toStrictEqual({ ...base, state: "loaded", pid: undefined });
    expect([extension.availability, extension.heardMs, extension.channel]).toEqual([
      "starting",
      0,
      undefined,
    ]);
    await started();
    children[0]?.print("noise\n");
    expect(extension.snapshot()).toStrictEqual({ ...base, state: "running", pid: 100, strayBytes: 6 });
    expect(extension.channel).toBe(extension.generation?.connection);
    expect(extension.declarations).toEqual({ tools: [], providers: [], capabilities: [] });
  });

  it("knows which features both sides have while a process is live", async () => {
    const { extension, started } = extensionOf([well({ ...THREE, features: ["batch"] })]);
    expect([extension.supports("batch"), extension.takesBatches, extension.sendsMeta]).toEqual([
      false,
      false,
      false,
    ]);
    await started();
    expect([extension.supports("batch"), extension.takesBatches, extension.sendsMeta]).toEqual([
      true,
      true,
      false,
    ]);
    const other = extensionOf([well({ ...THREE, features: ["meta"] })]);
    await other.started();
    expect([other.extension.takesBatches, other.extension.sendsMeta]).toEqual([false, true]);
  });

  it("was heard when its process last said anything", async () => {
    const { extension, started, clock, children } = extensionOf([well()]);
    await clock.pass(7);
    await started();
    expect(extension.heardMs).toBe(7);
    await clock.pass(5);
    children[0]?.print("noise\n");
    expect(extension.heardMs).toBe(12);
  });

  it("tells each move: first those outside, then who waits, then its work", async () => {
    const { extension, started, work, told, children, clock } = extensionOf([well()]);
    const woken = extension.changes.next(clock, 1_000);
    await started();
    expect(await woken).toBe(true);
    expect(told).toEqual([["x: loaded starting"], ["x: starting running"]]);
    expect(work.did).toEqual(["changed", "changed"]);
    const { channel } = extension;
    children[0]?.end({ code: 1 });
    await clock.pass(0);
    expect(work.did.slice(2)).toEqual(["changed", "exited true"]);
    expect([channel === undefined, extension.channel]).toEqual([false, undefined]);
    expect(extension.reason).toBe("the process exited with code 1 while idle; it wrote nothing to stderr");
    work.words = "a call";
    await clock.pass(10);
    children[1]?.end({ code: 1 });
    await clock.pass(0);
    expect(extension.reason).toContain("while a call; ");
  });

  it("hands on what its process asks and tells, and keeps its log", async () => {
    const { extension, started, work, told, children, clock } = extensionOf([well()]);
    await started();
    const [child] = children;
    await clock.pass(30);
    child?.request.onStderrLine("a line");
    expect(extension.logs.last(5)).toEqual([{ at: 30, line: "a line" }]);
    child?.say({ method: "task.log", params: [1] });
    expect(told.at(-1)).toEqual(["x", "task.log", [1], []]);
    child?.say({ id: 9, method: "memory.query", params: { a: 1 } });
    await clock.pass(0);
    expect(child?.heard.at(-1)).toMatchObject({ id: 9, result: ["x", "memory.query", { a: 1 }] });
    expect(work.did.at(-1)).toBe("changed");
    expect(work.did).toHaveLength(3);
    void extension.channel?.request("ping", "null", 5);
    await clock.pass(5);
    child?.say({ id: 2, result: 1 });
    expect(extension.snapshot().lateReplies).toBe(1);
  });

  it("hands calls to its work", async () => {
    const { extension } = extensionOf();
    const result = await extension.call({ method: "tool.call", params: null, deadlineMs: 5 });
    expect(result).toEqual({ type: "cancelled", queueMs: 1, runMs: 2 });
  });
});

describe("the availability of an extension", () => {
  it("follows its state, and is none from its stop on", async () => {
    const { extension, children, clock } = extensionOf([well(), silent]);
    const seen = [extension.availability];
    void extension.start();
    seen.push(extension.availability);
    await clock.pass(0);
    seen.push(extension.availability);
    children[0]?.end({ code: 1 });
    await clock.pass(0);
    seen.push(extension.availability);
    const stopped = extension.stop();
    seen.push(extension.availability);
    await clock.pass(100);
    await stopped;
    expect(seen).toEqual(["starting", "starting", "live", "restarting", "stopped"]);
    const failing = extensionOf([refuses]);
    await failing.started();
    await failing.clock.pass(100);
    expect(failing.extension.availability).toBe("failed");
    const held = extensionOf([well()], undefined, { quarantine: { since: 0, reason: "it fell" } });
    await held.started();
    expect(held.extension.availability).toBe("quarantined");
  });
});

describe("a stop", () => {
  it("is one for all who ask, lets the work drain, and ends it", async () => {
    const { extension, started, work, clock } = extensionOf([well()]);
    await started();
    const woken = extension.changes.next(clock, 1_000);
    const stopped = extension.stop();
    expect(extension.stop()).toBe(stopped);
    // Requests that wait for nothing more end at once.
    expect(work.did.slice(2)).toEqual(["drain 5000", "changed"]);
    await clock.pass(100);
    await stopped;
    expect(work.did.slice(4)).toEqual(["changed", "close"]);
    expect([await woken, extension.state]).toEqual([true, "stopped"]);
  });

  it("wakes those who wait after it is done, also when nothing was moved", async () => {
    const { extension, clock } = extensionOf();
    await extension.stop();
    const woken: boolean[] = [];
    void extension.changes.next(clock, 100).then((one) => woken.push(one));
    await extension.stop();
    await clock.pass(0);
    expect(woken).toEqual([]);
  });
});

describe("a lazy extension", () => {
  it("declares what its manifest says until it has a process", async () => {
    const { extension } = extensionOf([silent], lazy());
    expect(extension.declarations?.tools).toMatchObject([TOOL]);
    expect(extension.snapshot().tools).toMatchObject([TOOL]);
    expect(extensionOf([silent]).extension.declarations).toBeUndefined();
  });

  it("starts once, at its first use", () => {
    const { extension, told } = extensionOf([silent], lazy());
    expect([extension.lazy, extension.waitsForUse]).toEqual([true, true]);
    extension.wake();
    extension.wake();
    expect([told, extension.waitsForUse]).toEqual([[["late start", "x"]], false]);
  });

  it("is not woken when it was started, when it is to stop, or when it is not lazy", async () => {
    const begun = extensionOf([silent], lazy());
    void begun.extension.start().catch(() => {});
    begun.extension.wake();
    expect([begun.told, begun.extension.waitsForUse]).toEqual([[["x: loaded starting"]], false]);
    const stopped = extensionOf([silent], lazy());
    await stopped.extension.stop();
    stopped.extension.wake();
    expect(stopped.told).toEqual([["x: loaded stopped"]]);
    const eager = extensionOf([silent]);
    eager.extension.wake();
    expect([eager.told, eager.extension.lazy, eager.extension.waitsForUse]).toEqual([[], false, false]);
  });
});

describe("a resume", () => {
  it("forgives the work, and waits until the extension is live", async () => {
    const { extension, started, work, children, clock } = extensionOf([well()]);
    await started();
    children[0]?.end({ code: 1 });
    await clock.pass(0);
    let over = false;
    const resumed = extension.resume().then(() => (over = true));
    expect(work.did.at(-1)).toBe("forgive");
    await clock.pass(9);
    expect(over).toBe(false);
    await clock.pass(1);
    expect([await resumed, extension.state]).toEqual([true, "degraded"]);
  });

  it("ends when the extension is stopped instead", async () => {
    const { extension, started, children, clock } = extensionOf([well(), silent]);
    await started();
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    const resumed = extension.resume();
    const stopped = extension.stop();
    await clock.pass(100);
    await Promise.all([resumed, stopped]);
    expect(extension.state).toBe("stopped");
  });

  it("rejects with the failure, and wakes one that waits for its first use", async () => {
    const { extension, started, clock } = extensionOf([refuses]);
    await started();
    await clock.pass(100);
    const resumed = extension.resume().catch((error: unknown) => error);
    await clock.pass(100);
    expect(((await resumed) as HostError).code).toBe("HANDSHAKE_REFUSED");
    expect(extension.failure).toBe(await resumed);
    const late = extensionOf([silent], lazy());
    void late.extension.resume();
    expect(late.told).toEqual([["late start", "x"]]);
  });
});
