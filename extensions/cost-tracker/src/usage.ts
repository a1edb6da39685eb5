import type { JsonObject, JsonValue } from "@synaps/sdk";
import type { Tokens } from "./prices.js";

/** Where a number of tokens comes from. */
export const SOURCES = ["agent", "gateway", "synaps"] as const;
export type Source = (typeof SOURCES)[number];

/** One call of a model, as an event reports it. */
export interface Usage {
  source: Source;
  /** Name of the agent, or of the provider where an event names no component. */
  component: string;
  model: string;
  provider: string | null;
  sessionId: string | null;
  tokens: Tokens;
}

/** The part of an event that is looked at. Nothing in it is relied upon. */
export interface UsageEvent {
  kind: string;
  session_id?: unknown;
  data?: unknown;
}

/** Longest name that is kept. */
const MAX_NAME = 200;

/** Stands for a model that an event does not name; a price table may give it a price. */
const UNKNOWN = "unknown";

/**
 * Reads the usage in an event. Undefined for an event without any: an agent need not call a model. Throws an error for
 * numbers that cannot be counted.
 */
export function usageOf(event: UsageEvent): Usage | undefined {
  const data = asObject(event.data);
  switch (event.kind) {
    case "agent.after_agent_execution":
    case "agent.agent_error":
      return ofAgent(event, data);
    case "gateway.after_provider_call":
      return {
        ...about("gateway", event, data, nameOf(data["provider"])),
        tokens: { ...NONE, input: count(data, "input_tokens"), output: count(data, "output_tokens") },
      };
    default:
      return { ...about("synaps", event, data, nameOf(data["provider"])), tokens: tokensOf(data) };
  }
}

const NONE: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };

function ofAgent(event: UsageEvent, data: JsonObject): Usage | undefined {
  const used = data["tokens_used"];
  if (used === undefined || used === null) return undefined;
  const tokens = { ...NONE, input: count(asObject(used), "input"), output: count(asObject(used), "output") };
  return { ...about("agent", event, data, nameOf(asObject(data["component"])["name"])), tokens };
}

function tokensOf(data: JsonObject): Tokens {
  const usage = asObject(data["usage"]);
  const written = count(usage, "cache_creation_input_tokens", 0);
  // A part of what was written; a report that says more is taken at the larger number.
  const cacheWriteLong = count(usage, "cache_creation_1h", 0);
  return {
    input: count(usage, "input_tokens"),
    output: count(usage, "output_tokens"),
    cacheRead: count(usage, "cache_read_input_tokens", 0),
    cacheWrite: Math.max(0, written - cacheWriteLong),
    cacheWriteLong,
  };
}

function about(
  source: Source,
  event: UsageEvent,
  data: JsonObject,
  component: string | null,
): Omit<Usage, "tokens"> {
  return {
    source,
    component: component ?? UNKNOWN,
    model: nameOf(data["model"]) ?? UNKNOWN,
    provider: nameOf(data["provider"]),
    sessionId: sessionOf(event),
  };
}

/** The session of an event: the envelope's, that in its data, or that among the facts about a component. */
export function sessionOf({ session_id, data }: UsageEvent): string | null {
  const { session_id: own, metadata } = asObject(data);
  return nameOf(session_id) ?? nameOf(own) ?? nameOf(asObject(metadata)["session_id"]);
}

function count(from: JsonObject, member: string, otherwise?: number): number {
  const value = from[member] ?? otherwise;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${member} must be a whole number of tokens, not ${text(value)}`);
}

function text(value: JsonValue | undefined): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 40);
}

function nameOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, MAX_NAME) : null;
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
