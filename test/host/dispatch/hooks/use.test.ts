import type { Hook, HookContext, Host } from "@synaps/host";
import { describe, expect, it, vi } from "vitest";
import { eventOf } from "../../../helpers/events.js";
import { startedHost } from "../../../helpers/hosts.js";
import { verifies } from "../../../requirements/verifies.js";

const BEFORE = "before_tool_call";
const before = (host: Host, more = {}) => host.emit(eventOf(BEFORE, more));
const started = async () => startedHost([]);
const votesOf = async (host: Host, more = {}) =>
  (await before(host, more)).votes.map(({ subscription, extension, status }) => [
    extension,
    subscription,
    status,
  ]);

describe("a hook of the program", () => {
  it(verifies("INP-001") + "is asked for each of its kinds, with its own id in the votes", async () => {
    const { host } = await started();
    const seen: unknown[] = [];
    const hook: Hook = {
      id: "audit",
      events: [BEFORE, "on_message_complete"],
      on: (event) => void seen.push(event.kind),
    };
    await host.use(hook as never);
    expect(await votesOf(host)).toEqual([["audit", `${BEFORE}#1`, "voted"]]);
    await (
      await host.emit(eventOf("on_message_complete"))
    ).settled;
    expect(seen).toEqual([BEFORE, "on_message_complete"]);
  });

  it("has handlers of its own for single kinds, with a filter, and `on` for the rest", async () => {
    const { host } = await started();
    const calls: string[] = [];
    await host.use({
      id: "mixed",
      events: [
        { kind: BEFORE, filter: { tools: ["git*"] }, handler: () => void calls.push("git") },
        { kind: BEFORE, filter: { tool: "bash" } },
      ],
      on: ({ tool_name }) => void calls.push(String(tool_name)),
    });
    await before(host, { tool_name: "git_push" });
    await before(host, { tool_name: "bash" });
    await before(host, { tool_name: "ls" });
    expect(calls).toEqual(["git", "bash"]);
  });

  it("decides like an extension, and says so in the outcome", async () => {
    const { host } = await started();
    await host.use({ id: "guard", events: [BEFORE], on: () => ({ action: "reject", reason: "no" }) });
    expect(await before(host)).toMatchObject({ action: "block", reason: "no", by: "guard" });
  });

  it("may be an instance of a class, with state of its own", async () => {
    class Counter {
      readonly id = "counter";
      readonly events = [BEFORE];
      seen = 0;
      #registered = false;
      onRegister(): void {
        this.#registered = true;
      }
      on(): void {
        if (this.#registered) this.seen += 1;
      }
    }
    const { host } = await started();
    const counter = new Counter();
    await host.use(counter);
    await before(host);
    expect(counter.seen).toBe(1);
  });

  it(verifies("INP-002") + "stands in the order that its priority says, in words too", async () => {
    const { host } = await started();
    const order: string[] = [];
    const named = (id: string, priority?: number | "highest" | "high" | "normal" | "low" | "lowest") => ({
      id,
      metadata: priority === undefined ? {} : { priority },
      events: [BEFORE],
      on: () => void order.push(id),
    });
    for (const hook of [
      named("last", "lowest"),
      named("low", "low"),
      named("plain"),
      named("plain-2", "normal"),
      named("number", -7),
      named("high", "high"),
      named("first", "highest"),
    ])
      await host.use(hook);
    await before(host);
    expect(order).toEqual(["first", "high", "number", "plain", "plain-2", "low", "last"]);
  });

  it("gets a signal that is aborted when its time is over", async () => {
    const { host } = await started();
    let context: HookContext | undefined;
    await host.use({
      id: "slow",
      events: [
        {
          kind: BEFORE,
          deadlineMs: 1,
          handler: (_event: unknown, given: HookContext) => {
            context = given;
            return new Promise<never>(() => {});
          },
        },
      ],
    });
    expect((await before(host)).votes).toMatchObject([{ status: "abstained", reason: "timeout" }]);
    expect(context?.signal.aborted).toBe(true);
  });
});

describe("shouldExecute", () => {
  it(verifies("INP-003") + "keeps an event from the hook as a filter does: there is no vote", async () => {
    const { host } = await started();
    const on = vi.fn();
    const shouldExecute = vi.fn(({ tool_name }: { tool_name: string | null }) => tool_name === "bash");
    await host.use({ id: "picky", events: [BEFORE, "on_message_complete"], shouldExecute, on });
    expect(await votesOf(host, { tool_name: "ls" })).toEqual([]);
    expect(await votesOf(host, { tool_name: "bash" })).toHaveLength(1);
    expect((await (await host.emit(eventOf("on_message_complete"))).settled).votes).toEqual([]);
    expect(on).toHaveBeenCalledTimes(1);
    // Once for each event, under both policies.
    expect(shouldExecute).toHaveBeenCalledTimes(3);
    await host.emit(eventOf(BEFORE), { chain: "rewrite_then_veto" });
    expect(shouldExecute).toHaveBeenCalledTimes(4);
  });

  it("is asked again for an equal event", async () => {
    const { host } = await started();
    let open = true;
    await host.use({ id: "gate", events: [BEFORE], shouldExecute: () => open, on: () => {} });
    expect(await votesOf(host)).toHaveLength(1);
    open = false;
    expect(await votesOf(host)).toEqual([]);
  });

  it("that throws is an abstention with the error, and a closed hook blocks", async () => {
    const { host } = await started();
    const on = vi.fn();
    const shouldExecute = (): boolean => {
      throw new Error("no idea");
    };
    const stop = await host.use({ id: "odd", events: [BEFORE], shouldExecute, on });
    const { action, votes } = await before(host);
    expect({ action, votes }).toMatchObject({
      action: "continue",
      votes: [{ status: "abstained", reason: "error", detail: "no idea" }],
    });
    await stop();
    await host.use({ id: "odd", events: [{ kind: BEFORE, closed: true }], shouldExecute, on });
    expect(await before(host)).toMatchObject({ action: "block", by: "odd" });
    expect(on).not.toHaveBeenCalled();
  });

  it("gets a copy: what it changes reaches its own handler and nobody else", async () => {
    const { host } = await started();
    const inputs: unknown[] = [];
    await host.use({
      id: "changes",
      events: [BEFORE],
      shouldExecute: (event) => {
        event.tool_input = "changed";
        return true;
      },
      on: () => {},
    });
    await host.use({ id: "after", events: [BEFORE], on: ({ tool_input }) => void inputs.push(tool_input) });
    await before(host, { tool_input: { command: "ls" } });
    expect(inputs).toEqual([{ command: "ls" }]);
  });
});

describe("a hook that is switched off and on", () => {
  it(verifies("INP-004") + "is not asked meanwhile, and keeps its place in the order", async () => {
    const { host } = await started();
    for (const id of ["a", "b", "c"]) await host.use({ id, events: [BEFORE], on: () => {} });
    host.hooks.disable("a");
    expect((await votesOf(host)).map(([id]) => id)).toEqual(["b", "c"]);
    expect([host.hooks.get("a")?.enabled, host.handlerCount(BEFORE)]).toEqual([false, 2]);
    host.hooks.disable("a");
    host.hooks.enable("a");
    host.hooks.enable("a");
    expect((await votesOf(host)).map(([id]) => id)).toEqual(["a", "b", "c"]);
  });

  it("is removed for good while it is off", async () => {
    const { host } = await started();
    const stop = await host.use({ id: "a", events: [BEFORE], on: () => {} });
    host.hooks.disable("a");
    await stop();
    expect([host.hooks.names(), host.isEmpty(), host.subscriptionsFor("a")]).toEqual([[], true, []]);
    await host.use({ id: "a", events: [BEFORE], on: () => {} });
    expect(await votesOf(host)).toHaveLength(1);
  });
});

describe("many hooks", () => {
  it(verifies("INP-005") + "are asked in order, 10,000 of them, and go again", async () => {
    const { host } = await started();
    let calls = 0;
    const hooks = Array.from({ length: 10_000 }, (_, n) => ({
      id: `h${n}`,
      events: [BEFORE],
      on: () => void (calls += 1),
    }));
    const stop = await host.hooks.registerMultiple(hooks);
    expect(host.hooks.count()).toBe(10_000);
    const { votes } = await before(host);
    expect([calls, votes.length, votes[9_999]?.extension]).toEqual([10_000, 10_000, "h9999"]);
    await stop();
    expect([host.hooks.count(), host.handlerCount()]).toEqual([0, 0]);
  });
});
