import type { AbstentionReason, JsonValue } from "@synaps/sdk/protocol";
import { lineOf } from "../text-bounds.js";
import type { ErrandResult } from "./errand.js";

/** Why a call of an extension brought no value. */
export type CallFailure =
  /** It answered with an error. */
  | { status: "failed"; reason: string }
  | { status: "timeout"; reason: string }
  | { status: "cancelled"; reason: string }
  /** It could not be asked, or fell while it was. */
  | { status: "unavailable"; reason: string; cause: AbstentionReason };

const MAX_REASON_BYTES = 1024;

/** The value that a call was answered with, or why there is none. */
export function callEnd(result: ErrandResult): { value: JsonValue } | CallFailure {
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
