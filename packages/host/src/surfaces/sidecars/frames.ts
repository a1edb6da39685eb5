import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { lineOf } from "../../text-bounds.js";
import { isNestedOver, MAX_LEVELS } from "../untrusted.js";

/** A message of a sidecar, in one line of JSON. */
export type SidecarFrame =
  | { type: "hello"; protocolVersion: number; extension: string; capabilities: string[] }
  /** `state` is free text; `idle`, `ready` and `stopped` mean that it does nothing at the moment. */
  | { type: "status"; state: string; label: string | undefined; active: boolean; capabilities?: string[] }
  /** `append` is a preview while it works; `final` and `replace` put the text at the cursor. */
  | { type: "insert_text"; text: string; mode: "append" | "final" | "replace" }
  | { type: "error"; message: string }
  /** For a program that knows the extension; the host does not look into the payload. */
  | { type: "custom"; eventType: string; payload: JsonValue };

/** The lowest version of the sidecar protocol that the host accepts. */
export const SIDECAR_PROTOCOL = 2;

const INACTIVE = ["idle", "ready", "stopped"];
const MODES = ["append", "final", "replace"] as const;
const MAX_TEXT_BYTES = 1024;
/** Characters of a line without sense that are shown. */
const MAX_SHOWN = 200;
const MAX_CAPABILITIES = 64;

/**
 * Reads one line. A line that makes no sense, or lacks what its type needs, becomes an `error`, because its sidecar is broken.
 * Undefined for a blank line and for a type that the host does not know: nothing follows from either.
 */
export function parseFrame(line: Buffer): SidecarFrame | undefined {
  const text = line.toString("utf8").trim();
  if (text === "") return undefined;
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return broken("it printed a line that is not JSON", text);
  }
  if (!isJsonObject(frame) || typeof frame["type"] !== "string") return broken("it printed no message", text);
  const { type } = frame;
  if (!isKnown(type)) return undefined;
  return READERS[type](frame) ?? broken(`its message '${type}' is malformed`, text);
}

/** Readers of all types of messages; undefined for a malformed message. */
const READERS: Readonly<Record<SidecarFrame["type"], (frame: JsonObject) => SidecarFrame | undefined>> = {
  hello({ protocol_version, extension, capabilities }) {
    if (typeof protocol_version !== "number") return undefined;
    return {
      type: "hello",
      protocolVersion: protocol_version,
      extension: typeof extension === "string" ? lineOf(extension, MAX_TEXT_BYTES) : "",
      capabilities: namesOf(capabilities) ?? [],
    };
  },
  status({ state, label, capabilities }) {
    if (typeof state !== "string") return undefined;
    const names = namesOf(capabilities);
    return {
      type: "status",
      state: lineOf(state, MAX_TEXT_BYTES),
      label: typeof label === "string" ? lineOf(label, MAX_TEXT_BYTES) : undefined,
      active: !INACTIVE.includes(state),
      ...(names && { capabilities: names }),
    };
  },
  insert_text({ text, mode: named }) {
    const mode = MODES.find((one) => one === named);
    return typeof text === "string" && mode ? { type: "insert_text", text, mode } : undefined;
  },
  error({ message }) {
    return typeof message === "string"
      ? { type: "error", message: lineOf(message, MAX_TEXT_BYTES) }
      : undefined;
  },
  custom({ event_type, payload = null }) {
    return typeof event_type === "string" && !isNestedOver(payload, MAX_LEVELS)
      ? { type: "custom", eventType: event_type, payload }
      : undefined;
  },
};

function isKnown(type: string): type is SidecarFrame["type"] {
  return Object.hasOwn(READERS, type);
}

function broken(why: string, line: string): SidecarFrame {
  return { type: "error", message: lineOf(`${why}: ${line.slice(0, MAX_SHOWN)}`, MAX_TEXT_BYTES) };
}

function namesOf(value: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.slice(0, MAX_CAPABILITIES).filter((one) => typeof one === "string");
  return names.map((name) => lineOf(name, MAX_TEXT_BYTES));
}
