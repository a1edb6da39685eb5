import type { HookKindSpec } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { Observation } from "../../../packages/host/src/dispatch/observation.js";
import type { Subscription } from "../../../packages/host/src/dispatch/subscription.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { StreamBooks } from "../../../packages/host/src/observe/stream-books.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { kindSpec, members } from "../../helpers/chain-kit.js";
import { dropsOf } from "../../helpers/drops.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { HeldTarget } from "../../helpers/held-target.js";

const KIND = "on_message_complete";
const event = OutgoingEvent.from({ kind: KIND, message: "m" }, 0);

/** An observation by members of these names, and all that was told about it. */
function observing(
  names: readonly string[],
  { spec = kindSpec(KIND), placesAtOnce = true }: { spec?: HookKindSpec; placesAtOnce?: boolean } = {},
) {
  const told: unknown[] = [];
  const targets = names.map((name) => new HeldTarget(name, { placesAtOnce }));
  const subscriptions = members(...names.map((name) => ({ name, kind: KIND }))).subscriptions.map(
    (one, n): Subscription => ({ ...one, target: targets[n] as HeldTarget }),
  );
  const clock = new FakeClock();
  const services = {
    clock,
    drops: dropsOf(clock),
    limits: DEFAULT_LIMITS,
    streams: new StreamBooks(() => true),
    recorder: {
      handlerCalled: (...args: unknown[]) => void told.push(["called", ...args]),
      eventSettled: (...args: unknown[]) => void told.push(["settled", ...args]),
    },
  };
  const observation = new Observation(spec, subscriptions, services, () => void told.push("done"));
  return { observation, targets, subscriptions, told };
}

const voted = (name: string, queueMs: number, runMs: number) => ({
  status: "voted",
  extension: name,
  subscription: `${name}#1`,
  queueMs,
  runMs,
  verdict: { action: "continue" },
});

describe("an event on its way to an observer", () => {
  it("has the observer's own deadline and no other, and is not sent twice", () => {
    const { observation, targets } = observing(["a"]);
    void observation.start(event);
    const [request] = targets[0]?.requests ?? [];
    expect(request?.event).toBe(event);
    expect(request).toMatchObject({
      method: "hook.handle",
      lane: "observe",
      subscription: "a#1",
      deadlineMs: 5_000,
      untilMs: Number.POSITIVE_INFINITY,
      repeatable: false,
      overflow: "drop_newest",
    });
  });

  it("has the policy of its kind for a full queue", () => {
    for (const overflow of ["drop_oldest", "block", "disconnect", "drop_newest"] as const) {
      const { observation, targets } = observing(["a"], { spec: { ...kindSpec(KIND), overflow } });
      void observation.start(event);
      expect(targets[0]?.last.overflow).toBe(overflow);
    }
  });
});

describe("an observation", () => {
  it("is started without a wait where everybody has a place", () => {
    expect(observing(["a", "b"]).observation.start(event)).toBeUndefined();
    expect(observing([]).observation.start(event)).toBeUndefined();
  });

  it("is started when the last has its place", async () => {
    const { observation, targets } = observing(["a", "b"], { placesAtOnce: false });
    const order: string[] = [];
    const started = observation
      .start(event)
      ?.then((nothing) => void order.push(`started ${String(nothing)}`));
    for (const target of targets) {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${target.id} placed`);
      target.last.placed();
    }
    await started;
    expect(order).toEqual(["a placed", "b placed", "started undefined"]);
  });

  it("tells each vote as it comes and all of them at the end, in the order of asking", async () => {
    const { observation, targets, subscriptions, told } = observing(["a", "b"]);
    void observation.start(event);
    targets[1]?.answer({ action: "continue" }, 3, 4);
    expect(told).toEqual([["called", subscriptions[1], voted("b", 3, 4), event]]);
    targets[0]?.answer({ action: "continue" }, 1, 2);
    expect(told.slice(1)).toEqual([
      ["called", subscriptions[0], voted("a", 1, 2), event],
      ["settled", KIND, [voted("a", 1, 2), voted("b", 3, 4)]],
      "done",
    ]);
  });

  it("settles with all votes and the longest time that one of them took", async () => {
    const { observation, targets } = observing(["a", "b", "c"]);
    void observation.start(event);
    const before = observation.settled;
    expect(observation.settled).toBe(before);
    targets[0]?.answer({ action: "continue" }, 1, 2);
    targets[1]?.answer({ action: "continue" }, 30, 40);
    targets[2]?.answer({ action: "continue" }, 5, 6);
    const outcome = await before;
    expect(outcome).toEqual({
      action: "continue",
      kind: KIND,
      votes: [voted("a", 1, 2), voted("b", 30, 40), voted("c", 5, 6)],
      durationMs: 70,
    });
    expect(await observation.settled).toBe(outcome);
    expect(await outcome.settled).toBe(outcome);
  });

  it("by nobody settles at once", async () => {
    const { observation, told } = observing([]);
    void observation.start(event);
    expect(told).toEqual([["settled", KIND, []], "done"]);
    expect(await observation.settled).toEqual({ action: "continue", kind: KIND, votes: [], durationMs: 0 });
  });

  it("has the reason of one that does not answer", async () => {
    const { observation, targets } = observing(["a"]);
    void observation.start(event);
    targets[0]?.end({ answered: false, reason: "busy", queueMs: 0, runMs: 0 });
    expect((await observation.settled).votes).toEqual([
      {
        status: "abstained",
        extension: "a",
        subscription: "a#1",
        queueMs: 0,
        runMs: 0,
        reason: "busy",
        closed: false,
      },
    ]);
  });
});
