import type { AttributeSpec, HookKindSpec } from "../protocol/catalog.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { globMatches, isGlob } from "../protocol/glob.js";
import { pointerOf } from "../protocol/pointer.js";
import { addressRange } from "../values/address.js";
import type { HookEntry } from "./schema.js";

/** One value of a condition on an attribute. */
export type AttributeValue = string | number | boolean;

/** A condition that its kind does not allow; without a name, the conditions as a whole. */
export interface WrongCondition {
  readonly name: string | undefined;
  /** Place of the wrong value in a list of values. */
  readonly index?: number;
  readonly message: string;
  readonly hint: string;
}

const WANTED: Readonly<Record<AttributeSpec["type"], string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  strings: "a text, of which the event has a list",
  address: "an IP address or a range of them",
};

const ADDRESSES = "Write addresses and ranges as in 192.168.1.0/24 or fd00::/8.";

/** Conditions of `where` on attributes that the kind does not have, or with values of a wrong type. Pure. */
export function wrongConditions(
  { hook, where }: Pick<HookEntry, "hook" | "where">,
  { attributes = {} }: Pick<HookKindSpec, "attributes">,
): WrongCondition[] {
  if (where === undefined) return [];
  const known = Object.keys(attributes);
  if (known.length === 0) {
    const message = `hook '${hook}' has no attributes to filter on`;
    return [{ name: undefined, message, hint: "Remove 'where'." }];
  }
  const hint = `Known: ${known.join(", ")}.`;
  if (Object.keys(where).length === 0)
    return [{ name: undefined, message: "'where' names no attribute", hint: `Remove 'where'. ${hint}` }];
  return Object.entries(where).flatMap(([name, wanted]): WrongCondition[] => {
    const spec = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (spec === undefined) {
      const meant = didYouMean(name, known);
      const message = `hook '${hook}' has no attribute '${name.slice(0, MAX_NAME)}'`;
      return [{ name, message, hint: meant === undefined ? hint : `Did you mean '${meant}'?` }];
    }
    const wrong = wrongValue(spec.type, name, wanted);
    return wrong ? [wrong] : [];
  });
}

const MAX_NAME = 64;

/** The first value that an attribute of this type cannot have. */
function wrongValue(
  type: AttributeSpec["type"],
  name: string,
  wanted: AttributeValue | readonly AttributeValue[],
): WrongCondition | undefined {
  const expected = type === "strings" || type === "address" ? "string" : type;
  for (const [at, value] of valuesOf(wanted).entries()) {
    const place = Array.isArray(wanted) ? { name, index: at } : { name };
    const what = `the attribute '${name}' is ${WANTED[type]}`;
    if (typeof value !== expected)
      return { ...place, message: `${what}, and no ${typeof value}`, hint: "Correct the value." };
    if (type !== "address" || isGlob(value)) continue;
    const range = addressRange(String(value));
    if (typeof range === "string") return { ...place, message: `${what}: ${range}`, hint: ADDRESSES };
  }
  return undefined;
}

/** Values that no event can have: the hook would never be asked because of them. */
export function deadConditions(
  { where = {} }: Pick<HookEntry, "where">,
  { attributes = {} }: Pick<HookKindSpec, "attributes">,
): { at: string; why: string; hint: string }[] {
  return Object.entries(where).flatMap(([name, wanted]) => {
    const spec = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (spec === undefined) return [];
    const at = pointerOf([name]);
    if (Array.isArray(wanted) && wanted.length === 0)
      return [{ at, why: `the list of '${name}' is empty`, hint: `Remove '${name}' to take every value.` }];
    const { values } = spec;
    if (values === undefined) return [];
    return valuesOf(wanted).flatMap((value, index) => {
      if (values.some((one) => isWanted(value, one))) return [];
      const meant = typeof value === "string" ? didYouMean(value, values.map(String)) : undefined;
      const why = `'${name}' is never ${JSON.stringify(value)}`;
      const hint = meant === undefined ? `It is one of ${values.join(", ")}.` : `Did you mean '${meant}'?`;
      return [{ at: Array.isArray(wanted) ? `${at}/${index}` : at, why, hint }];
    });
  });
}

/** The values of a condition, of which an event must have one. */
export function valuesOf(wanted: AttributeValue | readonly AttributeValue[]): readonly AttributeValue[] {
  return typeof wanted === "object" ? wanted : [wanted];
}

function isWanted(wanted: AttributeValue, value: AttributeValue): boolean {
  return typeof wanted === "string" && typeof value === "string"
    ? globMatches(wanted, value)
    : wanted === value;
}
