import { isJsonObject, type AbstentionReason, type JsonValue } from "@synaps/sdk/protocol";
import type { CallResult } from "../../supervision/work.js";
import type { SchemaProblem } from "../../json-schema/check.js";
import type { ToolAttempt } from "./tool-types.js";

export const CANCELLED: ToolAttempt = Object.freeze({
  status: "cancelled",
  isError: true,
  content: "The tool call was cancelled.",
});

/** What came back for a tool call, in the terms of tools. An error of the tool is an answer like any other. */
export function attemptOf(name: string, result: CallResult): ToolAttempt {
  switch (result.type) {
    case "cancelled":
      return CANCELLED;
    case "none": {
      const { reason, detail } = result;
      const why = `${WHY[reason]}${detail === undefined ? "" : ` (${detail})`}`;
      return {
        status: "unavailable",
        isError: true,
        reason,
        content: `The tool '${name}' gave no answer: ${why}.`,
      };
    }
    case "reply": {
      const { reply } = result;
      if (reply.type === "result") return answered(reply.result as JsonValue);
      const { code, message, data } = reply;
      const error = { code, message, ...(data === undefined ? {} : { data }) };
      return { status: "error", isError: true, error, content: message };
    }
  }
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

/** In words for whoever reads the result. */
const WHY: Readonly<Record<AbstentionReason, string>> = {
  timeout: "it took too long",
  error: "it failed",
  crash: "its extension ended under the call",
  starting: "its extension is still starting",
  restarting: "its extension is being restarted",
  failed: "its extension failed",
  quarantined: "its extension crashed too often and is set aside",
  stopped: "its extension is stopped",
  busy: "its extension was busy with other calls all the time",
  overloaded: "too many calls wait for its extension",
  budget: "the time for it was over",
  breaker: "its extension was not asked",
  poison: "its extension was not asked",
  invalid: "what came back makes no sense",
  denied: "it may not be called",
  too_large: "the input is too large to send",
};
