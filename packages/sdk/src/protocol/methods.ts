import type { ProtocolVersion } from "./version.js";

/** The side that a method is sent to. */
export type Direction = "to_extension" | "to_host";
/** Form of a method: a request is answered, a notification is not. */
export type MessageForm = "request" | "notification";

/** A method of the wire: who sends it, in which form, and since which protocol version. */
export interface MethodEntry {
  readonly direction: Direction;
  readonly form: MessageForm;
  /** Lowest protocol version in which the method exists. */
  readonly since: ProtocolVersion;
}

/** Every method that this release sends or answers. */
export const METHODS = {
  initialize: { direction: "to_extension", form: "request", since: 1 },
  "hook.handle": { direction: "to_extension", form: "request", since: 1 },
  "hook.batch": { direction: "to_extension", form: "request", since: 3 },
  "tool.call": { direction: "to_extension", form: "request", since: 1 },
  "info.get": { direction: "to_extension", form: "request", since: 1 },
  "command.invoke": { direction: "to_extension", form: "request", since: 1 },
  "settings.editor.open": { direction: "to_extension", form: "request", since: 1 },
  "settings.editor.key": { direction: "to_extension", form: "request", since: 1 },
  "settings.editor.commit": { direction: "to_extension", form: "request", since: 1 },
  "sidecar.spawn_args": { direction: "to_extension", form: "request", since: 1 },
  shutdown: { direction: "to_extension", form: "request", since: 1 },
  ping: { direction: "to_extension", form: "request", since: 3 },
  "config.get": { direction: "to_host", form: "request", since: 1 },
  "config.set": { direction: "to_host", form: "request", since: 1 },
  "config.subscribe": { direction: "to_host", form: "request", since: 1 },
  "config.changed": { direction: "to_extension", form: "notification", since: 3 },
  "event.publish": { direction: "to_host", form: "request", since: 3 },
  "event.published": { direction: "to_extension", form: "notification", since: 3 },
  "hook.dropped": { direction: "to_extension", form: "notification", since: 3 },
  "memory.append": { direction: "to_host", form: "request", since: 1 },
  "memory.query": { direction: "to_host", form: "request", since: 1 },
  "provider.complete": { direction: "to_extension", form: "request", since: 1 },
  "provider.stream": { direction: "to_extension", form: "request", since: 1 },
  "provider.stream.event": { direction: "to_host", form: "notification", since: 1 },
  "$/progress": { direction: "to_host", form: "notification", since: 3 },
  "$/cancelRequest": { direction: "to_extension", form: "notification", since: 3 },
  "command.output": { direction: "to_host", form: "notification", since: 1 },
  "task.start": { direction: "to_host", form: "notification", since: 1 },
  "task.update": { direction: "to_host", form: "notification", since: 1 },
  "task.log": { direction: "to_host", form: "notification", since: 1 },
  "task.done": { direction: "to_host", form: "notification", since: 1 },
  "widget.upsert": { direction: "to_host", form: "notification", since: 1 },
  "widget.dismiss": { direction: "to_host", form: "notification", since: 1 },
  "settings.editor.render": { direction: "to_host", form: "notification", since: 1 },
  "settings.editor.close": { direction: "to_host", form: "notification", since: 1 },
} as const satisfies Record<string, MethodEntry>;

/** Name of a method of the wire: a key of `METHODS`. */
export type MethodName = keyof typeof METHODS;
