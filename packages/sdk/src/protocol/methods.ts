import type { ProtocolVersion } from "./version.js";

export type Direction = "to_extension" | "to_host";
export type MessageForm = "request" | "notification";

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
  shutdown: { direction: "to_extension", form: "request", since: 1 },
  ping: { direction: "to_extension", form: "request", since: 3 },
  "$/cancelRequest": { direction: "to_extension", form: "notification", since: 3 },
} as const satisfies Record<string, MethodEntry>;

export type MethodName = keyof typeof METHODS;
