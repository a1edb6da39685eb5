import { addressIn } from "@synaps/sdk/manifest";
import {
  globMatches,
  isGlob,
  memberAt,
  pointerKeys,
  type HookKindSpec,
  type JsonValue,
} from "@synaps/sdk/protocol";
import type { Envelope } from "../delivery/event-input.js";
import { addressTest } from "./addresses.js";

/** A value that an attribute may have. */
export type AttributeValue = string | number | boolean;
/** Conditions on attributes by their names, each with a value or several of which one must hold. A text may have `*` and `?`. */
export type Where = Readonly<Record<string, AttributeValue | readonly AttributeValue[]>>;

/** One condition on an attribute: where the attribute stands in an event, and the test of its value. */
export interface AttributeCondition {
  readonly member: keyof Envelope;
  readonly inner: readonly string[];
  readonly test: (value: unknown) => boolean;
}

/** An event whose members can be looked at, those that are never sent too. */
export interface AttributedEvent {
  attribute(member: keyof Envelope): JsonValue;
}

/**
 * Makes conditions ready. A name that the kind does not declare and a range of addresses that is none are left out: a guard
 * of an older manifest is asked about more rather than about nothing.
 */
export function conditionsOf(
  where: Where | undefined,
  attributes: HookKindSpec["attributes"] = {},
): readonly AttributeCondition[] | undefined {
  const conditions = Object.entries(where ?? {}).flatMap(([name, wanted]): AttributeCondition[] => {
    const spec = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    const [member, ...inner] = (spec === undefined ? undefined : pointerKeys(spec.at)) ?? [];
    const test = spec?.type === "address" ? addressesOf(wanted) : testOf(wanted);
    if (member === undefined || test === undefined) return [];
    return [{ member: member as keyof Envelope, inner, test }];
  });
  return conditions.length === 0 ? undefined : Object.freeze(conditions);
}

/** True if the event has the attribute with a wanted value. */
export function holds({ member, inner, test }: AttributeCondition, event: AttributedEvent): boolean {
  const value = event.attribute(member);
  return test(inner.length === 0 ? value : memberAt(value, inner));
}

/** The value of an attribute, by the pointer that its kind declares. */
export function valueAt(event: AttributedEvent, at: string): JsonValue | undefined {
  const [member, ...inner] = pointerKeys(at) ?? [];
  if (member === undefined) return undefined;
  const value = event.attribute(member as keyof Envelope);
  return inner.length === 0 ? value : (memberAt(value, inner) as JsonValue | undefined);
}

function testOf(wanted: AttributeValue | readonly AttributeValue[]): AttributeCondition["test"] {
  const values: readonly AttributeValue[] = typeof wanted === "object" ? [...wanted] : [wanted];
  const plain = new Set<unknown>(values.filter((value) => !isGlob(value)));
  const globs = values.filter(isGlob);
  const isWanted = (value: unknown): boolean =>
    plain.has(value) || (typeof value === "string" && globs.some((glob) => globMatches(glob, value)));
  return (value) => (Array.isArray(value) ? value.some(isWanted) : isWanted(value));
}

/** Placeholders fit the text as the event has it, or its address alone. Undefined if there is a range that is none. */
function addressesOf(
  wanted: AttributeValue | readonly AttributeValue[],
): AttributeCondition["test"] | undefined {
  const values = [wanted].flat().map(String);
  const globs = values.filter(isGlob);
  const isWithin = addressTest(values.filter((value) => !isGlob(value)));
  if (isWithin === undefined) return undefined;
  return (value) => {
    if (typeof value !== "string") return false;
    const address = addressIn(value)?.address ?? value;
    return isWithin(value) || globs.some((glob) => globMatches(glob, value) || globMatches(glob, address));
  };
}
