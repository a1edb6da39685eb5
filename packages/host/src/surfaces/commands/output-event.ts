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

/**
 * Reads `command.output`, flat or nested under `event`. Undefined if the output names no request; its `event` is undefined if
 * the rest is malformed. Public extensions write `text` for `content`, `columns` for `headers`, and cells that are no text.
 */
export function parseOutput(
  params: unknown,
): { requestId: string; event: OutputEvent | undefined } | undefined {
  if (!isJsonObject(params)) return undefined;
  const requestId = params["request_id"];
  if (typeof requestId !== "string") return undefined;
  const nested = params["event"];
  return { requestId, event: eventOf(isJsonObject(nested) ? nested : params) };
}

function eventOf(event: JsonObject): OutputEvent | undefined {
  const { kind } = event;
  const content = event["content"] ?? event["text"];
  switch (kind) {
    case "text":
    case "system":
      return typeof content === "string" ? { kind, content } : undefined;
    case "error":
      return typeof content === "string" && content !== "" ? { kind, content } : undefined;
    case "table": {
      const headers = cells(event["headers"] ?? event["columns"]);
      const rows = Array.isArray(event["rows"]) ? event["rows"].map(cells) : undefined;
      if (!headers || !rows?.every((row) => row !== undefined)) return undefined;
      return { kind, headers, rows };
    }
    case "done":
      return { kind };
    default:
      return undefined;
  }
}

function cells(value: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const all = value.map(cell);
  return all.every((one) => one !== undefined) ? all : undefined;
}

function cell(value: JsonValue): string | undefined {
  if (value === null) return "";
  return typeof value === "object" ? undefined : String(value);
}
