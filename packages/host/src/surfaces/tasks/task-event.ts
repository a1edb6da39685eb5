import { isJsonObject, type JsonObject } from "@synaps/sdk/protocol";
import { lineOf, optionalLine } from "../../text-bounds.js";

/** Sort of work that a task is, for how it is shown; `generic` when an extension names none or another one. */
export type TaskKind = "download" | "rebuild" | "generic";

/** A report of an extension about one piece of its work. */
export type TaskEvent =
  | { kind: "task.start"; id: string; label: string; taskKind: TaskKind }
  | { kind: "task.update"; id: string; current?: number; total?: number; message?: string }
  | { kind: "task.log"; id: string; line: string }
  | { kind: "task.done"; id: string; error?: string };

export const TASK_METHODS = ["task.start", "task.update", "task.log", "task.done"] as const;

export type TaskMethod = (typeof TASK_METHODS)[number];

const MAX_ID_BYTES = 128;
const MAX_LABEL_BYTES = 256;
const MAX_LINE_BYTES = 1024;

/** Reads a `task.*` notification; undefined if it is malformed. Texts are cut and free of control characters. */
export function parseTask(method: TaskMethod, params: unknown): TaskEvent | undefined {
  if (!isJsonObject(params)) return undefined;
  // Public extensions write `task_id`, too.
  const id = params["id"] ?? params["task_id"];
  if (typeof id !== "string" || id === "" || Buffer.byteLength(id) > MAX_ID_BYTES) return undefined;
  switch (method) {
    case "task.start": {
      const label = optionalLine(params["label"], MAX_LABEL_BYTES);
      return label === undefined
        ? undefined
        : { kind: method, id, label, taskKind: taskKind(params["kind"]) };
    }
    case "task.update":
      return { kind: method, id, ...progressOf(params) };
    case "task.log": {
      const line = optionalLine(params["line"], MAX_LINE_BYTES);
      return line === undefined ? undefined : { kind: method, id, line };
    }
    case "task.done": {
      const { error } = params;
      return typeof error === "string"
        ? { kind: method, id, error: lineOf(error, MAX_LINE_BYTES) }
        : { kind: method, id };
    }
  }
}

function taskKind(value: unknown): TaskKind {
  return value === "download" || value === "rebuild" ? value : "generic";
}

function progressOf({ current, total, message }: JsonObject): {
  current?: number;
  total?: number;
  message?: string;
} {
  const line = optionalLine(message, MAX_LINE_BYTES);
  return {
    ...(isAmount(current) ? { current } : {}),
    ...(isAmount(total) ? { total } : {}),
    ...(line === undefined ? {} : { message: line }),
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
