import { isJsonObject, type AbstentionReason, type JsonValue } from "@synaps/sdk/protocol";
import type { CallFailure } from "../../delivery/results.js";
import type { SchemaProblem } from "../../json-schema/check.js";
import type { LeaseReason, ToldResult } from "../leases/result.js";
import type { ToolAttempt, ToolError } from "./tool-types.js";

export const CANCELLED: ToolAttempt = Object.freeze({
  status: "cancelled",
  isError: true,
  content: "The tool call was cancelled.",
});

/** The end of a call, in the terms of tools. An error of the tool is an answer like any other. */
export function attemptOf(name: string, end: { value: JsonValue } | CallFailure): ToolAttempt {
  if ("value" in end) return answered(end.value);
  switch (end.status) {
    case "cancelled":
      return CANCELLED;
    case "failed":
      return failed(name, end.error, end.reason);
    case "timeout":
      return unavailable(name, "timeout", end.reason);
    case "unavailable":
      return unavailable(name, end.cause, end.reason);
  }
}

/** The same for a call through a lease. */
export function leasedAttemptOf(name: string, result: ToldResult): ToolAttempt {
  if (result.ok) return answered(result.result);
  const { reason, message, error } = result;
  if (reason === "cancelled") return CANCELLED;
  if (reason === "extension_reported") return failed(name, error, message);
  return unavailable(name, REASONS[reason], message);
}

function failed(name: string, error: ToolError | undefined, reason: string): ToolAttempt {
  const content = error?.message ?? `The answer of the tool '${name}' is refused: ${reason}.`;
  return { status: "error", isError: true, ...(error ? { error } : {}), content };
}

function unavailable(name: string, reason: AbstentionReason, why: string): ToolAttempt {
  return { status: "unavailable", isError: true, reason, content: noAnswer(name, why) };
}

function noAnswer(name: string, why: string): string {
  return `The tool '${name}' gave no answer: ${why}.`;
}

/** A text, an object with a text as its `content`, or any JSON, which becomes its own text. */
function answered(result: JsonValue): ToolAttempt {
  if (typeof result === "string") return { status: "ok", isError: false, content: result };
  const content =
    isJsonObject(result) && typeof result["content"] === "string"
      ? result["content"]
      : JSON.stringify(result ?? null);
  return { status: "ok", isError: false, content, structured: result };
}

export function misfit(name: string, problems: readonly SchemaProblem[], changed = false): ToolAttempt {
  const what = changed ? "The input, as a hook changed it," : "The input";
  const list = problems.map(({ pointer, message }) => `${pointer === "" ? "it" : pointer} ${message}`);
  return {
    status: "invalid_input",
    isError: true,
    problems,
    content: `${what} does not fit the tool '${name}': ${list.join("; ")}.`,
  };
}

/** Reasons of leases in the words for everything that gives no answer. */
const REASONS: Readonly<Record<Exclude<LeaseReason, "cancelled" | "extension_reported">, AbstentionReason>> =
  {
    not_deferred: "denied",
    blocked: "denied",
    manifest_invalid: "denied",
    config_invalid: "denied",
    launch_drift: "denied",
    declaration_drift: "denied",
    declaration_mismatch: "denied",
    name_not_listed: "denied",
    schema_mismatch: "denied",
    not_granted: "denied",
    revoked: "denied",
    capacity: "overloaded",
    transport: "crash",
    stopped: "stopped",
  };
