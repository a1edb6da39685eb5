import { type JsonObject, type JsonValue, isJsonObject } from "@synaps/sdk/protocol";
import { AgentPayloadError } from "./dialect.js";

/** Levels of nesting in a payload; as deep as frames of extensions may be. */
const MAX_DEPTH = 512;

/** Characters in the name of an event; the longest known has 20. */
const MAX_NAME = 100;

/** The members of a payload, read with their types. Errors name the agent and the member, and never its value. */
export class Payload {
  readonly title: string;
  readonly raw: JsonObject;

  constructor(title: string, raw: JsonObject) {
    if (!isJsonObject(raw))
      throw new AgentPayloadError(`${title} sent ${typeNameOf(raw)} in place of an object`);
    if (isDeeperThan(MAX_DEPTH, raw))
      throw new AgentPayloadError(`${title} sent an event of more than ${MAX_DEPTH} levels`);
    this.title = title;
    this.raw = raw;
  }

  get(name: string): JsonValue | undefined {
    return Object.hasOwn(this.raw, name) ? this.raw[name] : undefined;
  }

  /** The name of the event, from the payload or from the hook that was wired for it. */
  eventName(wiredFor: string | undefined): string {
    const name = this.optionalText("hook_event_name") || wiredFor;
    if (!name)
      throw new AgentPayloadError(
        `${this.title} sent an event without 'hook_event_name', and the hook names no event`,
      );
    if (name.length > MAX_NAME)
      throw new AgentPayloadError(
        `${this.title} sent an event whose name is longer than ${MAX_NAME} characters`,
      );
    return name;
  }

  /** A text that must be there. */
  text(name: string): string {
    return this.optionalText(name) ?? this.#fail(name, "a text");
  }

  /** A text, or null where it is absent or null. */
  optionalText(name: string): string | null {
    const value = this.get(name) ?? null;
    return value === null || typeof value === "string" ? value : this.#fail(name, "a text");
  }

  /** A text, of the first of the names that is there, or null. */
  firstText(...names: readonly string[]): string | null {
    for (const name of names) {
      const value = this.optionalText(name);
      if (value !== null) return value;
    }
    return null;
  }

  /** An object, also where the agent wrote it as JSON in a text. Absent or null: an empty one. */
  object(name: string): JsonObject {
    const value = this.get(name) ?? {};
    const read = typeof value === "string" ? parsed(value) : value;
    return isJsonObject(read) ? read : this.#fail(name, "an object");
  }

  #fail(name: string, expected: string): never {
    const value = this.get(name) ?? null;
    const is = value === null ? "is missing" : `is ${typeNameOf(value)}`;
    throw new AgentPayloadError(
      `${this.title} sent an event whose '${name}' ${is}; it has to be ${expected}`,
    );
  }
}

/** The value of a JSON text; the text itself when it is no JSON. */
export function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function isDeeperThan(levels: number, value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function typeNameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value === "string" ? "text" : typeof value}`;
}
