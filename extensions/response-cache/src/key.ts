import { createHash } from "node:crypto";
import type { JsonValue } from "@synaps/sdk";
import { memberAt, pointerKeys } from "@synaps/sdk/protocol";
import { canonicalJson } from "@synaps/sdk/values";

/** Sort of the operation: an input of a tool never answers for an agent. */
export type Area = "tool" | "agent";

/** Members of an event that decide about the key. Before and after an operation they are the same. */
export interface Asked {
  readonly tool_name?: string | null;
  readonly tool_input?: JsonValue;
  readonly session_id?: string | null;
  readonly data: {
    readonly component: { readonly type: string; readonly name: string };
    readonly input?: JsonValue;
  };
}

/** Places of the session: the first one that names it counts. Events of the catalog `agent` have it in their data. */
const SESSION_AT = ["/session_id", "/data/session_id", "/data/metadata/session_id"];

/** Who may see an answer: one session, one user, or everybody. */
export type Scope =
  { readonly of: "session" } | { readonly of: "user"; readonly at: string } | { readonly of: "everybody" };

/** The name that the configuration selects by: the tool's, or the agent's. */
export function nameOf(area: Area, event: Asked): string {
  return area === "tool" ? (event.tool_name ?? "") : event.data.component.name;
}

/**
 * The key of an operation in hex: the same for equal inputs whatever the order of their keys, and another one for another
 * name, component, scope or member of `vary`. Undefined when the event does not say who asks.
 */
export function keyOf(area: Area, event: Asked, scope: Scope, vary: readonly string[]): string | undefined {
  const owner = ownerOf(event, scope);
  if (owner === undefined) return undefined;
  const { component, input } = event.data;
  const asked = area === "tool" ? event.tool_input : input;
  const parts: JsonValue = [
    "response-cache 1",
    area,
    [scope.of, owner],
    nameOf(area, event),
    [component.type, component.name],
    asked === undefined ? [] : [asked],
    vary.map((pointer) => [pointer, ...valuesAt(event, pointer)]),
  ];
  return createHash("sha256").update(canonicalJson(parts)).digest("hex");
}

/** A text of the scope's owner, where everybody is one owner. Empty texts name nobody. */
function ownerOf(event: Asked, scope: Scope): string | undefined {
  if (scope.of === "everybody") return "";
  const places = scope.of === "session" ? SESSION_AT : [scope.at];
  const value = places.flatMap((pointer) => valuesAt(event, pointer)).find((one) => one !== null);
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value at a pointer, in a list, so that a missing member differs from every value. */
function valuesAt(event: Asked, pointer: string): JsonValue[] {
  const value = memberAt(event, pointerKeys(pointer) ?? []);
  return value === undefined ? [] : [value as JsonValue];
}
