import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { StreamEvent } from "./provider-types.js";

/**
 * Reads the parameters of `provider.stream.event`: an event as it is, or below `event`. Undefined for one that makes
 * no sense.
 */
export function parseStreamEvent(params: unknown): StreamEvent | undefined {
  if (!isJsonObject(params)) return undefined;
  const event = isJsonObject(params["event"]) ? params["event"] : params;
  switch (event["type"]) {
    case "text":
      return textual("text", event);
    case "thinking":
      return textual("thinking", event);
    case "tool_use":
      return toolUse(event);
    case "usage": {
      const { type: _, token: __, ...usage } = event;
      return Object.keys(usage).length === 0 ? undefined : { type: "usage", usage };
    }
    case "error":
      return typeof event["message"] === "string" ? { type: "error", message: event["message"] } : undefined;
    case "done":
      return { type: "done" };
    default:
      return undefined;
  }
}

function textual(type: "text" | "thinking", { delta, text }: JsonObject): StreamEvent | undefined {
  const value: JsonValue | undefined = delta ?? text;
  return typeof value === "string" ? { type, text: value } : undefined;
}

function toolUse({ id, name, input }: JsonObject): StreamEvent | undefined {
  if (typeof id !== "string" || id === "" || typeof name !== "string" || name === "") return undefined;
  return { type: "tool_use", id, name, input: input ?? {} };
}
