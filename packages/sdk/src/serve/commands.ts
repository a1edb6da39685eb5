import { checkShape, type ShapeOf } from "../checks/shape.js";
import type { CallContext, ExtensionDefinition } from "../define-extension.js";
import { ExtensionError } from "../errors.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { isJsonObject, type JsonValue } from "../protocol/json.js";
import type { CommandContext, DriverPoll, Task, TaskOptions } from "../screens.js";

type Notify = (method: string, params: JsonValue) => void;

/** Number of the tasks that got no id of their own. */
let tasks = 0;

/** Answers `command.invoke`, also the question for how a driven session goes on. */
export async function invokeCommand(
  definition: ExtensionDefinition,
  params: unknown,
  call: CallContext,
  notify: Notify,
): Promise<JsonValue | void> {
  const { command, args, request_id } = isJsonObject(params) ? params : {};
  const texts = Array.isArray(args) ? args.filter((arg) => typeof arg === "string") : [];
  if (command === "__session_driver__" && definition.driveSession) {
    const poll = JSON.parse(texts[0] ?? "null") as DriverPoll;
    return { session_driver: await definition.driveSession(poll, call) };
  }
  const commands = definition.commands ?? {};
  const handler =
    typeof command === "string" && Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!handler) {
    throw new ExtensionError(`unknown command: ${String(command)}`, { code: WIRE_ERRORS.invalid_params });
  }
  const id = typeof request_id === "string" ? request_id : "";
  const context = contextOf(call, id, notify);
  const result = await handler(texts, context);
  notify("command.output", { request_id: id, event: { kind: "done" } });
  return result;
}

function contextOf(call: CallContext, request_id: string, notify: Notify): CommandContext {
  const show = (event: JsonValue): void => notify("command.output", { request_id, event });
  return {
    ...call,
    get signal() {
      return call.signal;
    },
    output: {
      text: (content) => show({ kind: "text", content }),
      system: (content) => show({ kind: "system", content }),
      error: (content) => show({ kind: "error", content }),
      table: (headers, rows) =>
        show({ kind: "table", headers: [...headers], rows: rows.map((row) => [...row]) }),
    },
    task: (label, options = {}) => taskOf(label, options, request_id, notify),
  };
}

const TASK: ShapeOf<TaskOptions> = { id: "string", kind: "string" };

function taskOf(label: string, options: TaskOptions, request_id: string, notify: Notify): Task {
  const given: unknown = options;
  checkShape("task: the options", given, TASK);
  const id = options.id ?? `task-${++tasks}`;
  let open = true;
  const tell = (method: string, fields: Record<string, JsonValue>): void => {
    if (open) notify(method, { id, request_id, ...fields });
  };
  tell("task.start", { label, ...(options.kind === undefined ? {} : { kind: options.kind }) });
  return {
    id,
    update: (progress) => tell("task.update", { ...progress }),
    log: (line) => tell("task.log", { line }),
    done: (error) => {
      tell("task.done", { error: error ?? null });
      open = false;
    },
  };
}
