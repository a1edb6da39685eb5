import { eventOf } from "../../helpers/events.js";
import {
  ACTIONS,
  parseVerdict,
  synapsCatalog,
  type Action,
  type HookKindSpec,
  type Verdict,
} from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";

const SAMPLES: Readonly<Record<Action, Verdict>> = {
  continue: { action: "continue" },
  block: { action: "block", reason: "r" },
  confirm: { action: "confirm", message: "m" },
  modify: { action: "modify", input: { a: [1, null] } },
  inject: { action: "inject", content: "c" },
  replace: { action: "replace", output: "o" },
  cache: { action: "cache", value: 1, ttl_ms: 5, key: "k" },
  redirect: { action: "redirect", target: "t" },
  retry: { action: "retry", delay_ms: 1, max_attempts: 2 },
  fork: { action: "fork", operations: [1] },
  skip: { action: "skip", reason: "s" },
};

/** Kinds that the reference knows. Only the host raises the one of protocol 3. */
const REFERENCE_KINDS = Object.entries<HookKindSpec>(synapsCatalog.kinds).filter(
  ([, { since }]) => since < 3,
);

it(verifies("HOOK-025") + "kinds and what each of them allows are the reference's", () => {
  expect(
    Object.fromEntries(
      REFERENCE_KINDS.map(([kind, { permission, toolFilter, actions, since }]) => [
        kind,
        [permission, toolFilter, since, ...actions],
      ]),
    ),
  ).toEqual({
    before_tool_call: ["tools.intercept", true, 1, "continue", "block", "confirm", "modify"],
    after_tool_call: ["tools.intercept", true, 1, "continue", "replace"],
    before_message: ["privacy.llm_content", false, 1, "continue", "inject"],
    on_message_complete: ["privacy.llm_content", false, 1, "continue"],
    on_compaction: ["privacy.llm_content", false, 1, "continue"],
    on_usage: ["privacy.llm_content", false, 2, "continue"],
    on_session_start: ["session.lifecycle", false, 1, "continue", "inject"],
    on_session_end: ["session.lifecycle", false, 1, "continue"],
  });
});

it.each(REFERENCE_KINDS)(
  verifies("HOOK-024") + "%s enforces exactly the actions it advertises",
  async (kind, spec) => {
    for (const action of ACTIONS) {
      const { host } = await startedHost([]);
      host.subscribe(kind, () => SAMPLES[action], { id: "voter" });
      const emitted = await host.emit(
        eventOf(kind, { tool_name: "t", tool_input: {}, tool_output: "x", message: "x" }),
      );
      const outcome = await emitted.settled;
      const allowed = spec.actions.includes(action);
      expect(outcome.action, `${kind} ${action}`).toBe(allowed ? action : "continue");
      expect(outcome.votes, `${kind} ${action}`).toMatchObject([
        { status: "voted", verdict: SAMPLES[action] },
      ]);
      const [vote] = outcome.votes;
      expect(vote?.status === "voted" && vote.ignored !== undefined, `${kind} ${action} is reported`).toBe(
        !allowed,
      );
    }
  },
);

it.each(ACTIONS)(verifies("HOOK-023") + "%s comes through JSON unchanged", (action) => {
  const verdict = SAMPLES[action];
  expect(parseVerdict(JSON.parse(JSON.stringify(verdict)))).toEqual({ ok: true, verdict });
});

it(verifies("HOOK-040") + "a modify without input is a block; one that wants null is a modify", () => {
  expect(parseVerdict({ action: "modify" })).toEqual({
    ok: true,
    verdict: { action: "block", reason: "Extension returned malformed modify result" },
  });
  expect(parseVerdict({ action: "modify", input: null })).toEqual({
    ok: true,
    verdict: { action: "modify", input: null },
  });
});

it.each([
  ["null", null],
  ["text", "continue"],
  ["a list", [{ action: "continue" }]],
  ["no action", {}],
  ["an action that is no text", { action: 7 }],
  ["an unknown action", { action: "inject_message", content: "x" }],
  ["another case", { action: "Block", reason: "x" }],
  ["a replace without output", { action: "replace", output: { text: "x" } }],
  ["an inject without content", { action: "inject" }],
])(
  verifies("HOOK-041") + "%s is no verdict: the handler abstains as invalid and the chain goes on",
  async (_what, answer) => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => answer as never, { id: "strange" });
    host.subscribe("before_tool_call", () => SAMPLES.block, { id: "guard" });
    const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash" });
    expect(outcome).toMatchObject({ action: "block", by: "guard" });
    // A handler in the program may answer nothing; on the wire null is no answer.
    if (answer !== null) expect(outcome.votes[0]).toMatchObject({ status: "abstained", reason: "invalid" });
  },
);

it.each([
  ["block without reason", { action: "block" }, "block", "The extension gave no reason"],
  ["confirm without message", { action: "confirm", message: null }, "confirm", undefined],
])(
  verifies("HOOK-041") + "a %s counts: a stated intent is never passed over",
  async (_what, answer, action, reason) => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => answer as never, { id: "strange" });
    const outcome = await host.emit({ kind: "before_tool_call", tool_name: "bash" });
    expect(outcome).toMatchObject({ action, by: "strange", ...(reason === undefined ? {} : { reason }) });
  },
);
