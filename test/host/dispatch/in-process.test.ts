import type { HookContext } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { InProcessTarget, type InProcessHandler } from "../../../packages/host/src/dispatch/in-process.js";
import { ProgramCalls } from "../../../packages/host/src/dispatch/program-calls.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { Activity } from "../../../packages/host/src/time/activity.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { testHost } from "../../helpers/hosts.js";
import { TestEvent } from "../../helpers/scripted-process.js";

function handed(
  handler: InProcessHandler,
  { deadlineMs = 1_000, untilMs = 10_000, clock = new FakeClock() } = {},
) {
  const activity = new Activity();
  const target = new InProcessTarget("own", handler, new ProgramCalls(clock, activity, DEFAULT_LIMITS));
  const event = new TestEvent("in", { deadlineMs, untilMs });
  target.hand(event);
  return { clock, activity, target, event };
}

const never: InProcessHandler = () => new Promise(() => {});

describe("a function of the program", () => {
  it("has a place for each event at once, and keeps the program alive until it answered", async () => {
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    const { activity, clock, event } = handed(() => held);
    expect([event.isPlaced, activity.idle, event.end]).toEqual([true, false, "open"]);
    answer();
    await clock.pass(0);
    expect([activity.idle, event.end]).toEqual([true, "voted"]);
  });

  it("says its name and that it always runs", () => {
    const { target } = handed(() => {});
    expect([target.id, target.health, target.restartCount]).toEqual(["own", "running", 0]);
  });

  it("is timed from when it was asked", async () => {
    const clock = new FakeClock();
    await clock.pass(40);
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    const { event } = handed(() => held, { clock });
    await clock.pass(7);
    answer();
    await clock.pass(0);
    expect(event.result).toEqual({ answered: true, result: { action: "continue" }, queueMs: 0, runMs: 7 });
  });

  it("that throws answers with an error and its time", async () => {
    const { clock, event } = handed(() => {
      throw new Error("boom");
    });
    await clock.pass(0);
    expect(event.result).toEqual({ answered: false, reason: "error", detail: "boom", queueMs: 0, runMs: 0 });
  });

  it("gets a copy of the event of its own", async () => {
    const given: unknown[] = [];
    const { clock, event } = handed((envelope) => void given.push(envelope));
    await clock.pass(0);
    expect(given).toEqual([event.event.envelope]);
    expect(given[0]).not.toBe(event.event.envelope);
  });
});

describe("a function of the program that does not answer", () => {
  it("is late at its deadline and not before", async () => {
    const { clock, event } = handed(never, { deadlineMs: 1_000 });
    await clock.pass(999);
    expect(event.end).toBe("open");
    await clock.pass(1);
    expect(event.result).toEqual({ answered: false, reason: "timeout", queueMs: 0, runMs: 1_000 });
  });

  it("is cut by the end of the time around it", async () => {
    const clock = new FakeClock();
    await clock.pass(100);
    const { event } = handed(never, { deadlineMs: 1_000, untilMs: 1_050, clock });
    await clock.pass(949);
    expect(event.end).toBe("open");
    await clock.pass(1);
    expect(event.result).toEqual({ answered: false, reason: "budget", queueMs: 0, runMs: 950 });
  });

  it("that has just its deadline left of that time was late by itself", async () => {
    const clock = new FakeClock();
    await clock.pass(100);
    const { event } = handed(never, { deadlineMs: 1_000, untilMs: 1_100, clock });
    await clock.pass(1_000);
    expect(event.end).toBe("timeout");
  });

  it("is given a moment when that time is over", async () => {
    const clock = new FakeClock();
    await clock.pass(100);
    const quick = handed(() => {}, { untilMs: 50, clock });
    const slow = handed(never, { untilMs: 50, clock });
    await clock.pass(1);
    expect([quick.event.end, slow.event.end]).toEqual(["voted", "budget"]);
  });
});

it("an event has one name: for its hooks and in its outcome, gates and observed ones alike", async () => {
  const { host } = testHost({ folders: [] });
  await host.start();
  const seen: [string, string | null][] = [];
  const note = (_: unknown, { eventId, correlationId }: HookContext): void =>
    void seen.push([eventId, correlationId]);
  for (const kind of ["before_tool_call", "on_usage"]) host.subscribe(kind, note);
  const gate = await host.emit({ kind: "before_tool_call", tool_name: "bash", correlation_id: "c-1" });
  const observed = await host.emit({ kind: "on_usage", data: {} });
  const settled = await observed.settled;
  expect(seen).toEqual([
    [gate.eventId, "c-1"],
    [observed.eventId, null],
  ]);
  expect(settled.eventId).toBe(observed.eventId);
  expect(new Set(seen.map(([id]) => id)).size).toBe(2);
  expect((await host.emit({ kind: "before_message", message: "m" })).eventId).toBeUndefined();
});
