import { describe, expect, it } from "vitest";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import type { Extension } from "../../../../packages/host/src/supervision/extension.js";
import { LoadReport } from "../../../../packages/host/src/supervision/load-report.js";
import { newest, Starter } from "../../../../packages/host/src/supervision/starter.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { extensionOf } from "./extension-kit.js";
import { inventoryEntry, loadedExtension } from "./loaded-kit.js";
import { well, type Script } from "../../../helpers/scripted-child.js";

const silent: Script = () => undefined;
const refuses: Script = (heard, child) =>
  heard.method === "initialize" ? { error: { code: 1, message: "no key" } } : void child.end({ code: 0 });

/** A starter whose own clock decides about turns; each extension has a clock of its own. */
function starting(startConcurrency = 2) {
  const clock = new FakeClock();
  const report = new LoadReport(nullLogger);
  const failures: [string, HostError][] = [];
  const state = { stopping: false };
  const starter = new Starter({
    clock,
    limits: { startConcurrency, startTurnMs: 1_000 },
    report,
    stopping: () => state.stopping,
    onFailure: (extension, error) => void failures.push([extension.id, error]),
  });
  const ofId = (id: string, script: Script = well()): ReturnType<typeof extensionOf> =>
    extensionOf([script], loadedExtension({ protocol_version: 3 }, { id }));
  const startAll = (...extensions: Extension[]): (() => boolean) => {
    let over = false;
    void starter
      .startAll(extensions.map((extension) => [inventoryEntry(extension.id), extension]))
      .then(() => (over = true));
    return () => over;
  };
  const result = (): unknown => {
    const { loaded, failed } = report.result;
    return { loaded, failed: failed.map(({ extension, code }) => `${extension} ${code}`) };
  };
  return { clock, starter, failures, state, ofId, startAll, result, report };
}

describe("starts", () => {
  it("are made a few at a time, and all are reported", async () => {
    const { clock, ofId, startAll, result } = starting(2);
    const kits = ["a", "b", "c"].map((id) => ofId(id));
    const over = startAll(...kits.map(({ extension }) => extension));
    const begun = (): string[] => kits.map(({ extension }) => extension.state);
    expect(begun()).toEqual(["starting", "starting", "loaded"]);
    await clock.pass(0);
    await clock.pass(0);
    expect(begun()).toEqual(["running", "running", "running"]);
    expect(over()).toBe(true);
    expect(result()).toEqual({ loaded: ["a", "b", "c"], failed: [] });
    expect(clock.armed).toBe(0);
  });

  it("that take longer than their turn let the next one begin, and are waited for all the same", async () => {
    const { clock, ofId, startAll, result } = starting(1);
    const slow = ofId("slow", silent);
    const next = ofId("next");
    const over = startAll(slow.extension, next.extension);
    await clock.pass(999);
    expect(next.extension.state).toBe("loaded");
    await clock.pass(1);
    await clock.pass(0);
    expect([next.extension.state, over()]).toEqual(["running", false]);
    expect(result()).toEqual({ loaded: ["next"], failed: [] });
    await slow.clock.pass(1_000);
    expect(over()).toBe(true);
    expect(result()).toEqual({ loaded: ["next"], failed: ["slow HANDSHAKE_TIMEOUT"] });
  });

  it("of nobody end at once", async () => {
    const { clock, startAll } = starting();
    const over = startAll();
    await clock.pass(0);
    expect(over()).toBe(true);
  });
});

describe("an extension", () => {
  it("that fails is reported and noted with its reason", async () => {
    const { clock, ofId, startAll, failures, report } = starting();
    const kit = ofId("a", refuses);
    startAll(kit.extension);
    await kit.clock.pass(100);
    await clock.pass(0);
    expect(failures).toEqual([["a", kit.extension.failure]]);
    expect(report.result.failed).toEqual([
      {
        extension: "a",
        manifestPath: "/a/plugin.json",
        code: "HANDSHAKE_REFUSED",
        reason: kit.extension.failure?.message,
        hint: kit.extension.failure?.hint,
      },
    ]);
  });

  it("that cannot be started in a way that nobody foresaw fails with words and a code all the same", async () => {
    const { ofId, starter, failures } = starting();
    const kit = ofId("a");
    await kit.started();
    const failure = await starter.start(kit.extension);
    expect([failure?.code, failure?.message]).toEqual([
      "SPAWN_FAILED",
      "Extension 'a' could not be started: illegal move of an extension from running to starting",
    ]);
    expect(failures).toEqual([["a", failure]]);
  });

  it("that is lazy is ready without a start", async () => {
    const { clock, startAll, result } = starting();
    const deferred = { tools: [{ name: "t", description: "d", input_schema: {} }] };
    const permissions = ["tools.intercept", "tools.register"];
    const lazy = extensionOf([], loadedExtension({ permissions, deferred }, { activation: "tool" }));
    startAll(lazy.extension);
    await clock.pass(0);
    expect([lazy.extension.state, result()]).toEqual(["loaded", { loaded: ["x"], failed: [] }]);
  });

  it("that runs already is not started again", async () => {
    const { clock, ofId, startAll, result } = starting();
    const kit = ofId("a");
    await kit.started();
    startAll(kit.extension);
    await clock.pass(0);
    expect([kit.children.length, result()]).toEqual([1, { loaded: ["a"], failed: [] }]);
  });

  it("that is quarantined, or failed before, is reported so", async () => {
    const { clock, ofId, startAll, result, failures } = starting();
    const held = extensionOf([well()], loadedExtension({}, { id: "held" }), {
      quarantine: { since: 0, reason: "it fell" },
    });
    const failed = ofId("failed", refuses);
    await failed.started();
    await failed.clock.pass(100);
    startAll(held.extension, failed.extension);
    await clock.pass(0);
    expect(result()).toEqual({
      loaded: [],
      failed: expect.arrayContaining(["held EXTENSION_QUARANTINED", "failed HANDSHAKE_REFUSED"]),
    });
    expect(failures).toEqual([]);
  });

  it("that crashed right after its handshake did start", async () => {
    const { clock, ofId, startAll, result } = starting();
    const kit = ofId("a");
    await kit.started();
    kit.children[0]?.end({ code: 1 });
    await kit.clock.pass(0);
    expect(kit.extension.state).toBe("restarting");
    startAll(kit.extension);
    await clock.pass(0);
    expect(result()).toEqual({ loaded: ["a"], failed: [] });
  });

  it("that was unloaded before or during its start was stopped, and nothing is noted", async () => {
    const { clock, ofId, startAll, result, failures } = starting();
    const before = ofId("before");
    const during = ofId("during", silent);
    await before.extension.stop();
    startAll(before.extension, during.extension);
    await clock.pass(0);
    const stopped = during.extension.stop();
    await during.clock.pass(100);
    await stopped;
    await clock.pass(0);
    expect(result()).toEqual({
      loaded: [],
      failed: ["before EXTENSION_STOPPED", "during EXTENSION_STOPPED"],
    });
    expect([before.children, failures]).toEqual([[], []]);
  });

  it("that was replaced meanwhile is reported as the newest one in its place is", async () => {
    for (const [script, failed] of [
      [well(), []],
      [refuses, ["a HANDSHAKE_REFUSED"]],
    ] as const) {
      const { clock, ofId, startAll, result } = starting();
      const [first, second, third] = [ofId("a", silent), ofId("a"), ofId("a", script)];
      first.extension.successor = second.extension;
      second.extension.successor = third.extension;
      expect(newest(first.extension)).toBe(third.extension);
      expect(newest(third.extension)).toBe(third.extension);
      await third.started();
      await third.clock.pass(100);
      startAll(first.extension);
      await first.clock.pass(1_000);
      await clock.pass(0);
      expect(result()).toEqual({ loaded: failed.length === 0 ? ["a"] : [], failed });
    }
  });
});

describe("a host that is to stop", () => {
  it("starts nothing more, and what is not live was stopped with it", async () => {
    const { clock, ofId, startAll, result, state, failures } = starting();
    state.stopping = true;
    const live = ofId("live");
    await live.started();
    const due = ofId("due");
    startAll(live.extension, due.extension);
    await clock.pass(0);
    expect(result()).toEqual({ loaded: ["live"], failed: ["due HOST_STOPPED"] });
    expect([due.children, failures]).toEqual([[], []]);
  });

  it("reports one whose start it ended as stopped, and one that was live as loaded", async () => {
    const { clock, ofId, startAll, result, state, failures, starter } = starting();
    const kit = ofId("a", silent);
    startAll(kit.extension);
    state.stopping = true;
    const stopped = kit.extension.stop();
    await kit.clock.pass(100);
    await stopped;
    await clock.pass(0);
    expect([result(), failures]).toEqual([{ loaded: [], failed: ["a HOST_STOPPED"] }, []]);
    const failing = ofId("b", refuses);
    const failed = starter.start(failing.extension);
    await failing.clock.pass(100);
    expect([await failed, failures]).toEqual([undefined, []]);
  });
});
