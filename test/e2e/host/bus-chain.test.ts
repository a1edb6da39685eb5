import { eventOf } from "../../helpers/events.js";
import type { Host } from "@synaps/host";
import type { Verdict } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";
import { call, votes } from "./support/fixture.js";

/** Subscribes answers in order, named by position; returns how often each was asked. */
function answers(host: Host, kind: string, ...verdicts: Verdict[]): number[] {
  const asked = verdicts.map(() => 0);
  verdicts.forEach((verdict, at) => {
    host.subscribe(
      kind,
      () => {
        asked[at] = (asked[at] ?? 0) + 1;
        return verdict;
      },
      { id: `s${at}` },
    );
  });
  return asked;
}

const stop = { action: "block", reason: "dangerous" } as const;
const rewrite = { action: "modify", input: { command: "echo safe" } } as const;
const ask = { action: "confirm", message: "Run this?" } as const;
const proceed = { action: "continue" } as const;
const output = { kind: "after_tool_call", tool_name: "bash", tool_input: {}, tool_output: "secret" };

it(verifies("HOOK-012") + "a block ends the chain", async () => {
  const { host } = await startedHost([]);
  const asked = answers(host, "before_tool_call", proceed, stop, proceed);
  const outcome = await host.emit(call({}));
  expect(outcome).toMatchObject({ action: "block", reason: "dangerous", by: "s1" });
  expect(asked).toEqual([1, 1, 0]);
  expect(votes(outcome)).toEqual(["s0: continue", "s1: block", "s2: not reached"]);
});

it(verifies("HOOK-013") + "a modify ends the chain: a block behind it is not asked", async () => {
  const { host } = await startedHost([]);
  const asked = answers(host, "before_tool_call", rewrite, stop);
  expect(await host.emit(call({}))).toMatchObject({
    action: "modify",
    input: { command: "echo safe" },
    by: "s0",
  });
  expect(asked).toEqual([1, 0]);
});

it(
  verifies("HOOK-031") + "under rewrite_then_veto the same block sees the rewrite and has its say",
  async () => {
    const { host } = await startedHost([]);
    const seen: unknown[] = [];
    host.subscribe("before_tool_call", () => rewrite, { id: "rewriter" });
    host.subscribe(
      "before_tool_call",
      ({ tool_input }) => {
        seen.push(tool_input);
        return stop;
      },
      { id: "guard" },
    );
    const outcome = await host.emit(call({ command: "rm" }), { chain: "rewrite_then_veto" });
    expect(outcome).toMatchObject({ action: "block", by: "guard" });
    expect(seen).toEqual([{ command: "echo safe" }]);
  },
);

it(verifies("HOOK-010") + "a confirm ends the chain", async () => {
  const { host } = await startedHost([]);
  const asked = answers(host, "before_tool_call", ask, stop);
  expect(await host.emit(call({}))).toMatchObject({ action: "confirm", message: "Run this?", by: "s0" });
  expect(asked).toEqual([1, 0]);
});

it(verifies("HOOK-003") + "a replace ends the chain of after_tool_call", async () => {
  const { host } = await startedHost([]);
  const asked = answers(
    host,
    "after_tool_call",
    { action: "replace", output: "first" },
    { action: "replace", output: "2" },
  );
  expect(await host.emit(output)).toMatchObject({ action: "replace", output: "first", by: "s0" });
  expect(asked).toEqual([1, 0]);
});

it(verifies("HOOK-011") + "a confirm outside of tool calls has no effect and is reported", async () => {
  for (const kind of ["before_message", "after_tool_call", "on_session_start"]) {
    const { host } = await startedHost([]);
    const asked = answers(host, kind, ask, proceed);
    const outcome = await host.emit(eventOf(kind, { message: "hello" }));
    expect(outcome.action).toBe("continue");
    expect(asked).toEqual([1, 1]);
    expect(outcome.votes[0]).toMatchObject({
      status: "voted",
      ignored: `'confirm' is not allowed for ${kind}`,
    });
  }
});

it(
  verifies("HOOK-004") + "a replace without tools.transform_output is denied and the chain goes on",
  async () => {
    const { host } = await startedHost([]);
    host.subscribe("after_tool_call", () => ({ action: "replace", output: "mine" }), {
      id: "unentitled",
      permissions: ["tools.intercept"],
    });
    const asked = answers(host, "after_tool_call", { action: "replace", output: "ours" });
    const outcome = await host.emit(output);
    expect(outcome).toMatchObject({ action: "replace", output: "ours" });
    expect(asked).toEqual([1]);
    expect(outcome.votes[0]).toMatchObject({ status: "abstained", reason: "denied" });
  },
);

it(
  verifies("HOOK-032") + "injections of several subscribers are joined by a blank line, in order",
  async () => {
    const { host } = await startedHost([]);
    const inject = (content: string): Verdict => ({ action: "inject", content });
    answers(host, "before_message", inject("one"), proceed, inject("two\nlines"), inject("three"));
    const outcome = await host.emit({ kind: "before_message", message: "hi" });
    expect(outcome).toMatchObject({ action: "inject", content: "one\n\ntwo\nlines\n\nthree" });
  },
);

it(
  verifies("HOOK-001") + "intercept hands on the replacement instead of the operation's output",
  async () => {
    const { host } = await startedHost([]);
    answers(host, "after_tool_call", { action: "replace", output: "clean" });
    const kinds = { before: "before_tool_call", after: "after_tool_call" };
    const result = await host.intercept(kinds, { tool_name: "bash" }, () => "dirty");
    expect(result).toMatchObject({ ran: true, output: "clean" });
  },
);

it(
  verifies("HOOK-002", "HOOK-021") +
    "without a replacement the output comes back as it was, whatever its size",
  async () => {
    const { host } = await startedHost([]);
    const long = "é".repeat(2_000_000);
    const kinds = { before: "before_tool_call", after: "after_tool_call" };
    expect(await host.intercept(kinds, { tool_name: "bash" }, () => long)).toMatchObject({ output: long });
    answers(host, "after_tool_call", proceed);
    expect(await host.intercept(kinds, { tool_name: "bash" }, () => long)).toMatchObject({ output: long });
  },
);

it(verifies("HOOK-033") + "order is priority first, then the order of subscribing", async () => {
  const { host } = await startedHost([]);
  const order: string[] = [];
  for (const [id, priority] of [
    ["late", 100],
    ["a", 0],
    ["early", -100],
    ["b", 0],
  ] as const) {
    host.subscribe("before_tool_call", () => void order.push(id), { id, priority });
  }
  await host.emit(call());
  expect(order).toEqual(["early", "a", "b", "late"]);
});

it(verifies("HOOK-034") + "a handler that throws abstains with its message; the chain goes on", async () => {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => Promise.reject(new Error("out of order")), { id: "broken" });
  answers(host, "before_tool_call", stop);
  const outcome = await host.emit(call());
  expect(outcome.action).toBe("block");
  expect(outcome.votes[0]).toMatchObject({ status: "abstained", reason: "error", detail: "out of order" });
});
