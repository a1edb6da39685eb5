import { eventOf } from "../../helpers/events.js";
import { defineCatalog, synapsCatalog, type ChainPolicy, type SynapsKind } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { Dispatcher } from "../../../packages/host/src/dispatch/dispatcher.js";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import type { Subscription } from "../../../packages/host/src/dispatch/subscription.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { StreamBooks } from "../../../packages/host/src/observe/stream-books.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { members, type Member } from "../../helpers/chain-kit.js";
import { dropsOf } from "../../helpers/drops.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { HeldTarget } from "../../helpers/held-target.js";

const BEFORE = "before_tool_call";
const observers = { ...synapsCatalog.kinds.on_message_complete, toolFilter: true } as const;
const mine = defineCatalog({
  name: "mine",
  chain: "rewrite_then_veto",
  kinds: {
    "mine.block": { ...observers, overflow: "block" },
    "mine.stream": { ...observers, delivery: "stream" },
  },
});

type Held = Omit<Member, "answer" | "kind"> & { kind?: SynapsKind | keyof typeof mine.kinds };

/** A dispatcher to members that answer when the test says so, 100 ms after its clock's beginning. */
async function dispatching(list: readonly Held[], { placesAtOnce = true, policy }: Options = {}) {
  const told: unknown[] = [];
  const clock = new FakeClock();
  await clock.pass(100);
  const registry = new SubscriptionRegistry([synapsCatalog, mine]);
  const targets = list.map(({ name }) => new HeldTarget(name, { placesAtOnce }));
  const subscriptions = members(...list).subscriptions.map((one, n): Subscription => ({
    ...one,
    target: targets[n] as HeldTarget,
  }));
  registry.add(subscriptions, undefined);
  const recorder = {
    handlerCalled: () => {},
    eventSettled: (...args: unknown[]) => void told.push(["settled", ...args]),
    outputReplaced: (event: { kind: string }, votes: unknown) =>
      void told.push(["replaced", event.kind, votes]),
  };
  const streams = new StreamBooks(() => true);
  const services = {
    clock,
    limits: { ...DEFAULT_LIMITS, lifecycleBudgetMs: 70 },
    recorder,
    streams,
    drops: dropsOf(clock),
  };
  const target = (n: number): HeldTarget => targets[n] as HeldTarget;
  return { dispatcher: new Dispatcher(registry, services, policy), clock, target, targets, told };
}

interface Options {
  placesAtOnce?: boolean;
  policy?: ChainPolicy | undefined;
}

const asked = (targets: readonly HeldTarget[]): number[] => targets.map(({ requests }) => requests.length);

describe("a gate", () => {
  it.each(["first_decision", "rewrite_then_veto"] as const)(
    "under %s takes as long as its answers, and records all votes once",
    async (policy) => {
      const { dispatcher, clock, target, told } = await dispatching([{ name: "a" }]);
      const raised = dispatcher.emit({ kind: BEFORE, tool_name: "bash" }, policy);
      await clock.pass(7);
      target(0).answer({ action: "block", reason: "no" });
      const outcome = await raised;
      const { votes } = outcome;
      expect(outcome).toEqual({ action: "block", reason: "no", by: "a", kind: BEFORE, votes, durationMs: 7 });
      expect(votes).toHaveLength(1);
      expect(told).toEqual([["settled", BEFORE, votes]]);
    },
  );

  it("gives its chain the time from when the event was raised", async () => {
    const { dispatcher, clock, target } = await dispatching([{ name: "a" }, { name: "b" }]);
    void dispatcher.emit({ kind: BEFORE, tool_name: "bash" });
    await clock.pass(5);
    target(0).answer();
    await clock.pass(0);
    expect([target(0).last.untilMs, target(1).last.untilMs]).toEqual([9_600, 10_100]);
  });

  it("records that an output was replaced, and only that", async () => {
    const { dispatcher, target, told } = await dispatching([{ name: "a", kind: "after_tool_call" }]);
    const raise = () => dispatcher.emit({ kind: "after_tool_call", tool_name: "bash", tool_output: "raw" });
    const first = raise();
    target(0).answer();
    await first;
    expect(told.map((one) => (one as unknown[])[0])).toEqual(["settled"]);
    const second = raise();
    target(0).answer({ action: "replace", output: "clean" });
    const { votes } = await second;
    expect(told.slice(1)).toEqual([
      ["settled", "after_tool_call", votes],
      ["replaced", "after_tool_call", votes],
    ]);
  });

  it("goes by the policy of the call, else by the host's, else by the catalog's", async () => {
    const first = async (host: ChainPolicy | undefined, call: ChainPolicy | undefined) => {
      const { dispatcher, clock, target, targets } = await dispatching([{ name: "a" }, { name: "b" }], {
        policy: host,
      });
      void dispatcher.emit({ kind: BEFORE, tool_name: "bash" }, call);
      await clock.pass(0);
      target(0).answer({ action: "modify", input: 1 });
      await clock.pass(0);
      return asked(targets)[1] === 0 ? "first_decision" : "rewrite_then_veto";
    };
    expect(await first(undefined, undefined)).toBe("first_decision");
    expect(await first("rewrite_then_veto", undefined)).toBe("rewrite_then_veto");
    expect(await first("rewrite_then_veto", "first_decision")).toBe("first_decision");
    expect(await first("first_decision", "rewrite_then_veto")).toBe("rewrite_then_veto");
  });
});

describe("an event that subscriptions want by its input", () => {
  const wants = (name: string, inputContains: string, more: Partial<Held> = {}): Held => ({
    name,
    filter: { inputContains },
    ...more,
  });

  it("concerns those whose texts are in it", async () => {
    const { dispatcher, clock, targets } = await dispatching([wants("a", "rm"), wants("b", "sudo")]);
    const nobody = dispatcher.emit({ kind: BEFORE, tool_name: "bash", tool_input: "ls" });
    expect(dispatcher.emit({ kind: BEFORE, tool_name: "bash", tool_input: "cat" })).toBe(nobody);
    expect(await nobody).toMatchObject({ action: "continue", votes: [], durationMs: 0 });
    expect(asked(targets)).toEqual([0, 0]);
    void dispatcher.emit({ kind: BEFORE, tool_name: "bash", tool_input: "sudo ls" });
    await clock.pass(0);
    expect(asked(targets)).toEqual([0, 1]);
  });

  it("concerns nobody when a text is there and a value is not", async () => {
    const filter = { inputContains: "l", inputEquals: { value: "ls" } };
    const { dispatcher, targets } = await dispatching([{ name: "a", filter }, wants("b", "rm")]);
    const nobody = dispatcher.emit({ kind: BEFORE, tool_name: "bash", tool_input: "cat" });
    expect(dispatcher.emit({ kind: BEFORE, tool_name: "bash", tool_input: "ll" })).toBe(nobody);
    void dispatcher.emit({ kind: BEFORE, tool_name: "bash", tool_input: "ls" });
    expect(asked(targets)).toEqual([1, 0]);
  });

  it("carries the input to the one that wants it", async () => {
    const { dispatcher, target } = await dispatching([wants("a", "deep")]);
    void dispatcher.emit({ kind: BEFORE, tool_name: "t", tool_input: { deep: [1] } });
    expect(target(0).last.event.envelope).toMatchObject({ tool_name: "t", tool_input: { deep: [1] } });
  });

  it("skips at an observer and at the end of a session those whose text is not in it", async () => {
    for (const kind of ["on_message_complete", "on_session_end"] as const) {
      const { dispatcher, targets } = await dispatching([
        wants("a", "x", { kind }),
        { name: "b", kind },
        wants("c", "y", { kind }),
      ]);
      void dispatcher.emit(eventOf(kind, { tool_input: "y" }));
      expect(asked(targets)).toEqual([0, 1, 1]);
    }
  });
});

describe("a snapshot", () => {
  it("is taken as it is to those whom its names concern", async () => {
    const { dispatcher, targets, target } = await dispatching([
      { name: "a", filter: { tools: ["bash"] } },
      { name: "b", filter: { tools: ["mine:bash"] } },
      { name: "c", filter: { tools: ["other"] } },
    ]);
    const names = { tool_name: "bash", tool_runtime_name: "mine:bash" };
    const event = OutgoingEvent.from({ kind: BEFORE, ...names }, 0);
    void dispatcher.emitSnapshot(event, "first_decision");
    target(0).answer();
    expect(asked(targets)).toEqual([1, 1, 0]);
    expect([target(0).last.event, target(1).last.event]).toEqual([event, event]);
  });

  it("that concerns nobody has the outcome of its kind", async () => {
    const { dispatcher, told } = await dispatching([{ name: "a", filter: { tools: ["other"] } }]);
    const nobody = await dispatcher.emit({ kind: BEFORE, tool_name: "bash" });
    const event = OutgoingEvent.from({ kind: BEFORE, tool_name: "bash" }, 0);
    expect(await dispatcher.emitSnapshot(event, "first_decision")).toBe(nobody);
    expect(told).toEqual([]);
  });
});

describe("the end of a session", () => {
  it("is told to all at once within one time, and takes as long as the last answer", async () => {
    const kind = "on_session_end";
    const { dispatcher, clock, target, told } = await dispatching([
      { name: "a", kind },
      { name: "b", kind },
    ]);
    const raised = dispatcher.emit(eventOf(kind, { session_id: "s" }));
    expect([target(0).last.untilMs, target(1).last.untilMs]).toEqual([170, 170]);
    target(1).answer();
    await clock.pass(30);
    target(0).answer();
    const outcome = await raised;
    expect(outcome).toMatchObject({ action: "continue", kind, durationMs: 30 });
    expect(outcome.votes.map(({ extension }) => extension)).toEqual(["a", "b"]);
    expect(told).toEqual([["settled", kind, outcome.votes]]);
  });
});

describe("an event for observers", () => {
  it.each(["on_message_complete", "mine.stream"] as const)(
    "of the kind %s is raised at once and settles later",
    async (kind) => {
      const { dispatcher, clock, target, told } = await dispatching([{ name: "a", kind }]);
      const outcome = await dispatcher.emit(eventOf(kind, { message: "m", data: {} }));
      expect(outcome).toEqual({ action: "continue", kind, votes: [], durationMs: 0 });
      expect(Object.isFrozen(outcome.votes)).toBe(true);
      expect(told).toEqual([]);
      await clock.pass(9);
      target(0).answer({ action: "continue" }, 2, 3);
      const settled = await outcome.settled;
      expect(settled).toMatchObject({ kind, durationMs: 5, votes: [{ extension: "a", status: "voted" }] });
      expect(told).toEqual([["settled", kind, settled.votes]]);
    },
  );

  it("waits for a place in a full queue, and says how long that took", async () => {
    const { dispatcher, clock, target } = await dispatching([{ name: "a", kind: "mine.block" }], {
      placesAtOnce: false,
    });
    const raised = dispatcher.emit({ kind: "mine.block", message: "m", data: {} });
    await clock.pass(11);
    target(0).last.placed();
    const outcome = await raised;
    expect(outcome).toEqual({ action: "continue", kind: "mine.block", votes: [], durationMs: 11 });
    target(0).answer();
    expect((await outcome.settled).votes).toHaveLength(1);
  });

  it("keeps settled waiting until all of them have their votes", async () => {
    const { dispatcher, targets } = await dispatching([{ name: "a", kind: "on_usage" }]);
    let waits = 2;
    await dispatcher.settled();
    for (let n = 0; n < 2; n += 1) await dispatcher.emit({ kind: "on_usage", data: {} });
    for (let n = 0; n < 2; n += 1) void dispatcher.settled().then(() => (waits -= 1));
    const [first, second] = targets[0]?.requests ?? [];
    const vote = { answered: true, result: { action: "continue" }, queueMs: 0, runMs: 0 } as const;
    first?.finished(vote);
    await new Promise((resolve) => setImmediate(resolve));
    expect(waits).toBe(2);
    second?.finished(vote);
    await dispatcher.settled();
    expect(waits).toBe(0);
    await dispatcher.emit({ kind: "on_usage", data: {} });
    void dispatcher.settled().then(() => (waits += 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(waits).toBe(0);
  });
});
