import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { TaskEvent } from "../tasks/task-event.js";

/**
 * One piece of a command's output. Texts are as the extension wrote them, control characters included: strip control
 * characters before a text reaches a terminal.
 */
export type OutputEvent =
  | { kind: "text"; content: string }
  | { kind: "system"; content: string }
  | { kind: "error"; content: string }
  | { kind: "table"; headers: readonly string[]; rows: readonly (readonly string[])[] }
  | { kind: "done" }
  | TaskEvent;

/** Reads `command.output`, flat or nested under `event`; undefined if it is malformed. */
export function parseOutput(params: unknown): { requestId: string; event: OutputEvent } | undefined {
  if (!isJsonObject(params)) return undefined;
  const requestId = params["request_id"];
  if (typeof requestId !== "string") return undefined;
  const nested = params["event"];
  const event = eventOf(isJsonObject(nested) ? nested : params);
  return event && { requestId, event };
}

function eventOf(event: JsonObject): OutputEvent | undefined {
  const { kind, content } = event;
  switch (kind) {
    case "text":
    case "system":
      return typeof content === "string" ? { kind, content } : undefined;
    case "error":
      return typeof content === "string" && content !== "" ? { kind, content } : undefined;
    case "table": {
      const headers = texts(event["headers"]);
      const rows = Array.isArray(event["rows"]) ? event["rows"].map(texts) : undefined;
      if (!headers || !rows?.every((row) => row !== undefined)) return undefined;
      return { kind, headers, rows };
    }
    case "done":
      return { kind };
    default:
      return undefined;
  }
}

function texts(value: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((one) => typeof one === "string") ? value : undefined;
}
