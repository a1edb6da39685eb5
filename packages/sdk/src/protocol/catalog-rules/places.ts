import type { PayloadSchema, PayloadType } from "../payload.js";
import { Fault, keysOf, type Path } from "./fault.js";
import { EVENT_MEMBERS } from "./payload-rules.js";

/** The place of an event that a pointer names: its schema, or undefined where the payload says nothing about it. */
export interface Place {
  readonly schema: PayloadSchema | undefined;
}

/**
 * Follows a JSON pointer into an event. Throws a Fault for a text that is no pointer and for one that leads nowhere. Lists
 * are not entered: which of their members is meant would not be said.
 */
export function placeOf(pointer: unknown, payload: PayloadSchema | undefined, path: Path): Place {
  const keys = typeof pointer === "string" ? keysOf(pointer) : undefined;
  if (keys === undefined) throw new Fault(path, "it must be a JSON pointer, for instance /data/name");
  const [member = ""] = keys;
  if (!EVENT_MEMBERS.includes(member))
    throw new Fault(
      path,
      `it points nowhere: an event has ${EVENT_MEMBERS.map((name) => `/${name}`).join(", ")}`,
    );
  let schema = payload;
  for (const key of keys) {
    const isOpaque =
      schema === undefined ||
      (mayBe(schema, "object") && schema.properties === undefined) ||
      // The members of an event are known: an open payload leaves out those that it says nothing about.
      (schema === payload && payload.additionalProperties !== false && !hasMember(schema, key));
    if (isOpaque) return { schema: undefined };
    const next = Object.hasOwn(schema?.properties ?? {}, key) ? schema?.properties?.[key] : undefined;
    if (next === undefined)
      throw new Fault(path, `it points nowhere in the payload: there is no '${key.slice(0, 64)}'`);
    schema = next;
  }
  return { schema };
}

function hasMember({ properties = {} }: PayloadSchema, key: string): boolean {
  return Object.hasOwn(properties, key);
}

/** True if values of a type pass a schema. */
export function mayBe({ type }: PayloadSchema, wanted: PayloadType): boolean {
  return type === undefined || (Array.isArray(type) ? type.includes(wanted) : type === wanted);
}

/** True if a member in it, at any depth, stays in the host. */
export function keepsBack(schema: PayloadSchema | undefined): boolean {
  if (schema === undefined) return false;
  if (schema.metadataOnly === true) return true;
  return keepsBack(schema.items) || Object.values(schema.properties ?? {}).some(keepsBack);
}
