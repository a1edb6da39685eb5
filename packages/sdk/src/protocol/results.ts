import { isJsonObject, type JsonObject, type JsonValue } from "./json.js";
import { parseOperationAnswer } from "./operation-answers.js";
import type { Cache, Fork, Redirect, Retry, Skip } from "./operation-answers.js";
import type { SynapsKind } from "./synaps-catalog.js";

/** No objection. A handler that returns nothing says the same. */
export type Continue = { action: "continue" };
/** Stops the operation. Hosts cut `reason` at 8 KiB. */
export type Block = { action: "block"; reason: string };
/** Asks the user first. Where a host has nobody to ask, it blocks. Hosts cut `message` at 8 KiB. */
export type Confirm = { action: "confirm"; message: string };
/** Replaces the input as a whole; it is not merged into the input. */
export type Modify = { action: "modify"; input: JsonValue };
/** Adds text to what the model reads. Several are joined by a blank line. Hosts cut `content` at 64 KiB, and escape what could pass for an agent's structure. */
export type Inject = { action: "inject"; content: string };
/** Replaces the output as a whole. Before the operation, the output stands in its place and the operation does not run. */
export type Replace = { action: "replace"; output: string };
/** What one extension answered for one event. */
export type Verdict =
  Continue | Block | Confirm | Modify | Inject | Replace | Cache | Redirect | Retry | Fork | Skip;

/** What a handler of each kind of the `synaps` catalog may answer. */
export interface SynapsVerdicts {
  before_tool_call: Continue | Block | Confirm | Modify;
  after_tool_call: Continue | Replace;
  before_message: Continue | Inject;
  on_message_complete: Continue;
  on_compaction: Continue;
  on_usage: Continue;
  on_decision: Continue;
  on_session_start: Continue | Inject;
  on_session_end: Continue;
}

/** The answers that a handler of this kind of the `synaps` catalog may give. */
export type SynapsVerdict<K extends SynapsKind> = SynapsVerdicts[K];

const CONTINUE: Continue = Object.freeze({ action: "continue" });

/** Let the operation go on. The same as answering nothing. */
export const proceed = (): Continue => CONTINUE;
/** Stop the operation; the reason is shown to the user and the model. */
export const block = (reason: string): Block => ({ action: "block", reason });
/** Ask the user first; without anybody to ask, the operation is blocked. */
export const confirm = (message: string): Confirm => ({ action: "confirm", message });
/** Replace the whole input of the operation; nothing is merged. */
export const modify = (input: JsonValue): Modify => ({ action: "modify", input });
/** Add context. Contributions of several extensions are joined by a blank line. */
export const inject = (content: string): Inject => ({ action: "inject", content });
/** Replace the whole output of a tool, also the part beyond the preview. */
export const replace = (output: string): Replace => ({ action: "replace", output });

/** Outcome of reading an answer from the wire: a verdict, or why it is none. */
export type ParsedVerdict = { ok: true; verdict: Verdict } | { ok: false; problem: string };

/** The text that a call is blocked with when an extension's rewrite cannot be understood. */
export const MALFORMED_MODIFY = "Extension returned malformed modify result";

/** The texts of a block and of a confirm whose extension gave none. */
export const NO_REASON = "The extension gave no reason";
/** Text that is shown for a `confirm` without a message. The user is asked nevertheless. */
export const NO_MESSAGE = "The extension asks for confirmation and gave no message";

function textOr(value: JsonValue | undefined, otherwise: string): string {
  return typeof value === "string" && value.trim() !== "" ? value : otherwise;
}

/**
 * Reads what an extension answered. `block` and `confirm` count without their text. A malformed `modify` becomes a block, because running the original input
 * could be just what the extension wanted to prevent. Any other malformed answer is reported as no verdict.
 */
export function parseVerdict(result: unknown): ParsedVerdict {
  if (!isJsonObject(result))
    return { ok: false, problem: `the result is ${describe(result)}, not an object` };
  const action = result["action"];
  if (typeof action !== "string") return { ok: false, problem: "the result has no action" };
  switch (action) {
    case "continue":
      return { ok: true, verdict: CONTINUE };
    // A stated intent is never passed over because its text is missing.
    case "block":
      return { ok: true, verdict: block(textOr(result["reason"], NO_REASON)) };
    case "confirm":
      return { ok: true, verdict: confirm(textOr(result["message"], NO_MESSAGE)) };
    case "inject":
      return text(result, "content", (content) => ({ action, content }));
    case "replace":
      return text(result, "output", (output) => ({ action, output }));
    case "skip":
      return text(result, "reason", (reason) => ({ action, reason }));
    case "modify":
      if (result["input"] === undefined) return { ok: true, verdict: block(MALFORMED_MODIFY) };
      return { ok: true, verdict: modify(result["input"]) };
    case "cache":
    case "redirect":
    case "retry":
    case "fork":
      return parseOperationAnswer(action, result);
    default:
      return { ok: false, problem: `the action '${action.slice(0, 64)}' does not exist` };
  }
}

function text(result: JsonObject, key: string, make: (value: string) => Verdict): ParsedVerdict {
  const value = result[key];
  return typeof value === "string"
    ? { ok: true, verdict: make(value) }
    : missing(String(result["action"]), key);
}

function missing(action: string, key: string): ParsedVerdict {
  return { ok: false, problem: `the action '${action}' needs '${key}'` };
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
