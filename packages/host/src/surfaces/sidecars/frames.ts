import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { lineOf } from "../../text-bounds.js";
import { isNestedOver, MAX_LEVELS } from "../untrusted.js";

/** A message of a sidecar, in one line of JSON. */
export type SidecarFrame =
  | { type: "hello"; protocolVersion: number; extension: string; capabilities: string[] }
  /** `state` is free text; `idle`, `ready` and `stopped` mean that it does nothing at the moment. */
  | { type: "status"; state: string; label: string | undefined; active: boolean }
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

/** Reads one line; undefined for a frame that is unknown, blank or malformed: nothing follows from it. */
export function parseFrame(line: Buffer): SidecarFrame | undefined {
  if (line.length === 0) return undefined;
  let frame: unknown;
  try {
    frame = JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
  if (!isJsonObject(frame)) return undefined;
  switch (frame["type"]) {
    case "hello":
      return hello(frame["protocol_version"], frame["extension"], frame["capabilities"]);
    case "status": {
      const { state, label } = frame;
      if (typeof state !== "string") return undefined;
      return {
        type: "status",
        state: lineOf(state, MAX_TEXT_BYTES),
        label: typeof label === "string" ? lineOf(label, MAX_TEXT_BYTES) : undefined,
        active: !INACTIVE.includes(state),
      };
    }
    case "insert_text": {
      const { text } = frame;
      const mode = MODES.find((one) => one === frame["mode"]);
      return typeof text === "string" && mode ? { type: "insert_text", text, mode } : undefined;
    }
    case "error": {
      const { message } = frame;
      return typeof message === "string"
        ? { type: "error", message: lineOf(message, MAX_TEXT_BYTES) }
        : undefined;
    }
    case "custom": {
      const eventType = frame["event_type"];
      const payload = frame["payload"] ?? null;
      return typeof eventType === "string" && !isNestedOver(payload, MAX_LEVELS)
        ? { type: "custom", eventType, payload }
        : undefined;
    }
    default:
      return undefined;
  }
}

function hello(
  version: JsonValue | undefined,
  extension: JsonValue | undefined,
  capabilities: JsonValue | undefined,
): SidecarFrame | undefined {
  if (typeof version !== "number") return undefined;
  const names = Array.isArray(capabilities) ? capabilities.filter((one) => typeof one === "string") : [];
  return {
    type: "hello",
    protocolVersion: version,
    extension: typeof extension === "string" ? lineOf(extension, MAX_TEXT_BYTES) : "",
    capabilities: names.slice(0, 64).map((name) => lineOf(name, MAX_TEXT_BYTES)),
  };
}
