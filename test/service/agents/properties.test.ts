import {
  DIALECTS,
  PLUGINS,
  type AgentEvent,
  type DialectName,
  type HookAnswer,
} from "@synaps/service/agents";
import { isJsonObject, type JsonObject } from "@synaps/sdk/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Decision } from "../../../packages/host/src/dispatch/outcome.ts";
import { PAYLOADS } from "./payloads.ts";
import { answerTo, dialect } from "./support.ts";

const CODEX_COMMON = ["continue", "stopReason", "systemMessage"];
const INNER = ["hookEventName", "additionalContext"];

/**
 * The members that each agent takes at each event, as its own schemas and pages have them: those of the answer, and those of
 * the inner object. One unknown member makes Codex drop a refusal.
 */
const MEMBERS: Readonly<
  Partial<Record<DialectName, Readonly<Record<string, readonly [outer: string[], inner: string[]]>>>>
> = {
  codex: {
    PreToolUse: [
      [...CODEX_COMMON, "decision", "reason"],
      [...INNER, "permissionDecision", "permissionDecisionReason", "updatedInput"],
    ],
    PostToolUse: [[...CODEX_COMMON, "decision", "reason"], INNER],
    UserPromptSubmit: [[...CODEX_COMMON, "decision", "reason"], INNER],
    SessionStart: [CODEX_COMMON, INNER],
    SubagentStart: [CODEX_COMMON, INNER],
    PermissionRequest: [CODEX_COMMON, ["hookEventName", "decision"]],
    PreCompact: [CODEX_COMMON, []],
    PostCompact: [CODEX_COMMON, []],
    Stop: [[...CODEX_COMMON, "decision", "reason"], []],
    SubagentStop: [[...CODEX_COMMON, "decision", "reason"], []],
    Interrupt: [["systemMessage"], []],
    SessionEnd: [[], []],
  },
  "claude-code": {
    PreToolUse: [
      ["decision", "reason"],
      [...INNER, "permissionDecision", "permissionDecisionReason", "updatedInput"],
    ],
    PostToolUse: [
      ["continue", "stopReason"],
      [...INNER, "updatedToolOutput"],
    ],
    PostToolUseFailure: [[], INNER],
    PostToolBatch: [["decision", "reason"], INNER],
    UserPromptSubmit: [["decision", "reason"], INNER],
    UserPromptExpansion: [["decision", "reason"], INNER],
    SessionStart: [[], INNER],
    Setup: [[], INNER],
    SubagentStart: [[], INNER],
    PermissionRequest: [[], ["hookEventName", "decision"]],
    Stop: [["decision", "reason"], []],
    SubagentStop: [["decision", "reason"], []],
    PreCompact: [["decision", "reason"], []],
    ConfigChange: [["decision", "reason"], []],
    Elicitation: [[], ["hookEventName", "action"]],
    ElicitationResult: [[], ["hookEventName", "action"]],
  },
  gemini: {
    BeforeTool: [
      ["decision", "reason"],
      ["hookEventName", "tool_input"],
    ],
    AfterTool: [["decision", "reason"], INNER],
    BeforeAgent: [["decision", "reason"], INNER],
    AfterAgent: [["decision", "reason"], []],
    BeforeModel: [["decision", "reason"], []],
    AfterModel: [["decision", "reason"], []],
    SessionStart: [[], INNER],
  },
};

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom("", " ", "\n", "}"));
const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<never>;
const by = fc.constant("guard");
const decisions: fc.Arbitrary<Decision> = fc.oneof(
  fc.constant({ action: "continue" } as const),
  fc.record({ action: fc.constant("block" as const), reason: text, by }),
  fc.record(
    { action: fc.constant("confirm" as const), message: text, by, input: value },
    { requiredKeys: ["action", "message", "by"] },
  ),
  fc.record({ action: fc.constant("modify" as const), input: value, by }),
  fc.record({ action: fc.constant("inject" as const), content: text }),
  fc.record({ action: fc.constant("replace" as const), output: text, by }),
  fc.record({ action: fc.constant("skip" as const), reason: text, by }),
  fc.record({ action: fc.constant("cache" as const), value, by }),
  fc.record({ action: fc.constant("redirect" as const), target: text, by, input: value }),
  fc.record({ action: fc.constant("fork" as const), operations: fc.array(value), by }),
);

/** Payloads of the samples, with other modes, inputs and outputs, and members that nobody knows. */
const events: fc.Arbitrary<AgentEvent> = fc
  .constantFrom(
    ...[...DIALECTS, ...PLUGINS].flatMap(({ agent }) =>
      Object.keys(PAYLOADS[agent]).map((name) => [agent, name] as const),
    ),
  )
  .chain(([agent, name]) =>
    fc
      .record(
        {
          can_ask: fc.boolean(),
          permission_mode: fc.constantFrom("default", "plan", "auto", "bypassPermissions"),
          tool_name: fc.constantFrom("Bash", "Read", "run_shell_command", "MCP:find", "mcp__a__b"),
          tool_input: fc.dictionary(text, value),
          tool_response: agent === "gemini" ? fc.record({ llmContent: value }) : value,
          unknown: value,
        },
        { requiredKeys: [] },
      )
      .map((changes) => dialect(agent).decode({ ...PAYLOADS[agent][name], ...changes } as JsonObject, name)),
  );

function spoken({ stdout }: HookAnswer): JsonObject | undefined {
  if (stdout === "") return undefined;
  const read: unknown = JSON.parse(stdout);
  if (!isJsonObject(read)) throw new Error("no object");
  return read;
}

test("an answer is nothing or one object, of members that the agent takes at the event", () => {
  fc.assert(
    fc.property(events, decisions, fc.boolean(), (event, decision, closed) => {
      const answer = answerTo(event, decision, closed);
      expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
      const said = spoken(answer);
      const taken = MEMBERS[event.agent];
      if (said === undefined || taken === undefined) return;
      const [outer, inner] = taken[event.name] ?? [[], []];
      const { hookSpecificOutput: within, ...others } = said;
      expect(outer).toEqual(expect.arrayContaining(Object.keys(others)));
      if (within === undefined) return;
      expect(inner).toEqual(expect.arrayContaining(Object.keys(within as JsonObject)));
      expect((within as JsonObject)["hookEventName"]).toBe(event.name);
    }),
    { numRuns: 300 },
  );
});

test("nothing is lost: a decision is said, or the answer tells what it became", () => {
  fc.assert(
    fc.property(events, decisions, fc.boolean(), (event, decision, closed) => {
      const answer = answerTo(event, decision, closed);
      if (decision.action === "continue") expect(answer).toMatchObject({ stdout: "", downgraded: [] });
      else if (answer.stdout === "")
        expect(answer.downgraded).toMatchObject([{ wanted: decision.action, given: "nothing" }]);
      else if (answer.downgraded.length > 0) expect(answer.downgraded[0]!.given).not.toBe("nothing");
    }),
    { numRuns: 300 },
  );
});

/** True for an answer that keeps a call from running. */
function refuses(said: JsonObject | undefined): boolean {
  const { decision, reason, permission, permissionDecision, block } = said ?? {};
  const isRefused =
    decision === "block" || permission === "deny" || permissionDecision === "deny" || block !== undefined;
  const why = block ?? reason ?? said?.["user_message"] ?? said?.["permissionDecisionReason"];
  return isRefused && typeof why === "string" && why.trim() !== "";
}

test("a refusal before a call stays a refusal, and nobody's yes is taken for granted", () => {
  const calls = events.filter(({ event }) => event.kind === "before_tool_call");
  fc.assert(
    fc.property(calls, decisions, fc.boolean(), (event, decision, closed) => {
      const said = spoken(answerTo(event, decision, closed));
      const inner = (said?.["hookSpecificOutput"] ?? said ?? {}) as JsonObject;
      const isAsked = inner["permissionDecision"] === "ask" || inner["ask"] !== undefined;
      if (["block", "skip", "cache", "redirect", "fork", "replace"].includes(decision.action))
        expect(refuses(said)).toBe(true);
      if (decision.action === "confirm") expect(isAsked || refuses(said)).toBe(true);
      else expect(isAsked).toBe(false);
      // An "allow" skips the person's own prompt: it only ever carries an input.
      if (inner["permissionDecision"] === "allow") {
        expect([event.agent, decision.action]).toEqual(["codex", "modify"]);
        expect(isJsonObject(inner["updatedInput"])).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
