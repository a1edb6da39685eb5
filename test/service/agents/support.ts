import {
  dialectOf,
  type AgentEvent,
  type DialectName,
  type Dialect,
  type HookAnswer,
} from "@synaps/service/agents";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { Decision } from "../../../packages/host/src/dispatch/outcome.ts";
import { outcomeOf } from "../../../packages/host/src/dispatch/outcome.ts";
import { PAYLOADS } from "./payloads.ts";

export function dialect(agent: DialectName): Dialect {
  const found = dialectOf(agent);
  if (found === undefined) throw new Error(`no dialect for ${agent}`);
  return found;
}

/** The sample of an event, with some members changed. */
export function sample(agent: DialectName, name: string, changes: JsonObject = {}): AgentEvent {
  const payload = PAYLOADS[agent][name];
  if (payload === undefined) throw new Error(`no sample of ${agent} ${name}`);
  return dialect(agent).decode({ ...payload, ...changes }, name);
}

/** The answer of a dialect to a decision about an event. */
export function answerTo(event: AgentEvent, decision: Decision, closed = false): HookAnswer {
  return dialect(event.agent).encode(event, outcomeOf(event.event.kind, decision, [], 0), { closed });
}

/** One decision of each action, and those that differ for an agent. */
export const DECISIONS: Readonly<Record<string, Decision>> = {
  continue: { action: "continue" },
  block: { action: "block", reason: "not here", by: "guard" },
  "block without a reason": { action: "block", reason: " ", by: "guard" },
  confirm: { action: "confirm", message: "Push by force?", by: "guard" },
  "confirm of another input": {
    action: "confirm",
    message: "Push by force?",
    by: "guard",
    input: { command: "git push" },
  },
  "confirm of something else": {
    action: "confirm",
    message: "Push by force?",
    by: "guard",
    instead: { action: "skip", reason: "known", by: "cache" },
  },
  modify: { action: "modify", input: { command: "ls" }, by: "rewriter" },
  "modify to a text": { action: "modify", input: "ls", by: "rewriter" },
  inject: { action: "inject", content: "It is Sunday." },
  replace: { action: "replace", output: "[redacted]", by: "redactor" },
  "replace with nothing": { action: "replace", output: "", by: "redactor" },
  skip: { action: "skip", reason: "known already", by: "cache" },
  cache: { action: "cache", value: { found: 1 }, by: "cache" },
  "cache only": { action: "cache", by: "cache", store: { by: "cache", ttlMs: 1_000 } },
  redirect: { action: "redirect", target: "elsewhere", by: "router" },
  fork: { action: "fork", operations: [{ command: "a" }, { command: "b" }], by: "router" },
  retry: {
    action: "retry",
    by: "retrier",
    retry: { by: "retrier", delayMs: 0, maxAttempts: 2, backoff: "fixed", jitter: "none" },
  },
};
