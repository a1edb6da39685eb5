import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";
import { call, votes } from "./support/fixture.js";

it(verifies("HOOK-008") + "an event that nobody subscribed to continues", async () => {
  const { host } = await startedHost([]);
  const outcome = await host.emit(call({}));
  expect(outcome).toEqual({ kind: "before_tool_call", action: "continue", votes: [], durationMs: 0 });
});

it(verifies("HOOK-009") + "a subscriber gets the event with every field of the envelope", async () => {
  const { host } = await startedHost([]);
  const seen: unknown[] = [];
  host.subscribe("before_tool_call", (event) => void seen.push(event));
  await host.emit({ ...call({ command: "ls" }), tool_runtime_name: "shell:bash", session_id: "s1" });
  expect(seen).toEqual([
    {
      kind: "before_tool_call",
      tool_name: "bash",
      tool_runtime_name: "shell:bash",
      tool_input: { command: "ls" },
      tool_output: null,
      message: null,
      session_id: "s1",
      transcript: null,
      data: null,
    },
  ]);
});

it(
  verifies("HOOK-015") + "subscribing without the kind's permission is refused and says which it is",
  async () => {
    const { host } = await startedHost([]);
    expect(() => host.subscribe("before_tool_call", () => {}, { id: "no-perms", permissions: [] })).toThrow(
      "Extension 'no-perms' lacks permission 'tools.intercept' required for hook 'before_tool_call'",
    );
    expect(() =>
      host.subscribe("before_message", () => {}, { permissions: ["tools.intercept", "session.lifecycle"] }),
    ).toThrow("lacks permission 'privacy.llm_content'");
    expect(host.isEmpty()).toBe(true);
  },
);

it(verifies("HOOK-028") + "a tool filter on a kind that has no tool is refused", async () => {
  const { host } = await startedHost([]);
  for (const kind of ["before_message", "on_message_complete", "on_session_start", "on_session_end"]) {
    expect(() => host.subscribe(kind, () => {}, { filter: { tools: ["bash"] } })).toThrow(
      `hook '${kind}' does not allow a tool filter`,
    );
  }
});

it(verifies("HOOK-029") + "an unknown kind is refused for subscribing and emitting alike", async () => {
  const { host } = await startedHost([]);
  expect(() => host.subscribe("before_tool_cal", () => {})).toThrow("No catalog has the hook kind");
  await expect(host.emit({ kind: "nope" })).rejects.toMatchObject({ code: "EVENT_UNKNOWN_KIND" });
});

it(verifies("HOOK-016") + "unsubscribeAll removes all subscriptions of one id and no other", async () => {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }), { id: "removable" });
  host.subscribe("after_tool_call", () => {}, { id: "removable" });
  host.subscribe("before_tool_call", () => {}, { id: "stays" });
  expect(host.handlerCount()).toBe(3);
  expect(host.unsubscribeAll("removable")).toBe(2);
  expect(host.handlerCount()).toBe(1);
  expect(host.unsubscribeAll("removable")).toBe(0);
  expect(votes(await host.emit(call()))).toEqual(["stays: continue"]);
});

it(verifies("HOOK-016") + "what subscribe returns takes back that one subscription", async () => {
  const { host } = await startedHost([]);
  const undo = host.subscribe("before_tool_call", () => {}, { id: "a" });
  host.subscribe("before_tool_call", () => {}, { id: "a" });
  undo();
  undo();
  expect(host.handlerCount("before_tool_call")).toBe(1);
});

it(
  verifies("HOOK-017") + "subscriptionsFor lists one id's subscriptions by kind, then filter, none first",
  async () => {
    const { host } = await startedHost([]);
    const filter = (tool: string): object => ({ filter: { tools: [tool] } });
    host.subscribe("before_tool_call", () => {}, { id: "alpha", ...filter("read") });
    host.subscribe("before_tool_call", () => {}, { id: "alpha", ...filter("bash") });
    host.subscribe("before_tool_call", () => {}, { id: "alpha" });
    host.subscribe("after_tool_call", () => {}, { id: "alpha" });
    host.subscribe("before_tool_call", () => {}, { id: "beta" });
    expect(host.subscriptionsFor("alpha")).toEqual([
      { kind: "after_tool_call", subscription: "after_tool_call#1", tools: undefined, asked: true },
      { kind: "before_tool_call", subscription: "before_tool_call#3", tools: undefined, asked: true },
      { kind: "before_tool_call", subscription: "before_tool_call#2", tools: ["bash"], asked: true },
      { kind: "before_tool_call", subscription: "before_tool_call#1", tools: ["read"], asked: true },
    ]);
    expect(host.subscriptionsFor("beta").map(({ kind }) => kind)).toEqual(["before_tool_call"]);
    expect(host.subscriptionsFor("ghost")).toEqual([]);
  },
);

it(verifies("HOOK-018") + "isEmpty and handlerCount follow what is subscribed", async () => {
  const { host } = await startedHost([]);
  expect([host.isEmpty(), host.handlerCount()]).toEqual([true, 0]);
  const undo = host.subscribe("before_message", () => {});
  expect([host.isEmpty(), host.handlerCount(), host.handlerCount("before_tool_call")]).toEqual([false, 1, 0]);
  undo();
  expect([host.isEmpty(), host.handlerCount()]).toEqual([true, 0]);
});

it(verifies("HOOK-030") + "an id that subscribes twice to a kind is asked twice, in order", async () => {
  const { host } = await startedHost([]);
  const order: number[] = [];
  for (const n of [1, 2]) host.subscribe("before_message", () => void order.push(n), { id: "twice" });
  const outcome = await host.emit({ kind: "before_message", message: "hi" });
  expect(order).toEqual([1, 2]);
  expect(outcome.votes.map(({ subscription }) => subscription)).toEqual([
    "before_message#1",
    "before_message#2",
  ]);
});

it(
  verifies("HOOK-053") + "a name that was given back is given again, and never to two at a time",
  async () => {
    const { host } = await startedHost([]);
    const undo = host.subscribe("before_tool_call", () => {}, { id: "a" });
    host.subscribe("before_tool_call", () => {}, { id: "a" });
    undo();
    host.subscribe("before_tool_call", () => {}, { id: "a" });
    const names = host.subscriptionsFor("a").map(({ subscription }) => subscription);
    expect(names.sort()).toEqual(["before_tool_call#1", "before_tool_call#2"]);
  },
);
