import type { JsonValue } from "@synaps/sdk/protocol";
import type { ErrandResult } from "../extension/errand.js";
import { lineOf } from "../text-bounds.js";
import type { CommandEnd } from "./outcome.js";

const MAX_REASON_BYTES = 1024;

/** What the end of a call means for the command, or the value that it was answered with. */
export function callEnd(
  result: ErrandResult,
): { value: JsonValue } | Exclude<CommandEnd, { status: "done" }> {
  switch (result.type) {
    case "reply":
      return result.reply.type === "result"
        ? { value: (result.reply.result ?? null) as JsonValue }
        : { status: "failed", reason: lineOf(result.reply.message, MAX_REASON_BYTES) };
    case "cancelled":
      return { status: "cancelled", reason: "it was given up" };
    case "none": {
      const { reason, detail } = result;
      if (reason === "timeout") return { status: "timeout", reason: "it was not answered in time" };
      const why = detail === undefined ? reason : `${reason}: ${lineOf(detail, MAX_REASON_BYTES)}`;
      return { status: "unavailable", cause: reason, reason: why };
    }
  }
}
