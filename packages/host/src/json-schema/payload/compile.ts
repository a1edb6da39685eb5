import { unknownKey, type PayloadSchema, type PayloadType } from "@synaps/sdk/protocol";
import { decodedBytes, isAllowedLength, isUint64, lengthsInWords } from "./binary.js";

/** The fault of a value, without its content, and the keys of its place from the innermost one outwards. */
export interface Misfit {
  readonly why: string;
  readonly path: (string | number)[];
}

/** Looks at one value. Undefined if it fits; nothing is made then. */
export type Check = (value: unknown) => Misfit | undefined;

const WORDS: Readonly<Record<PayloadType, string>> = {
  string: "a text",
  number: "a finite number",
  integer: "a whole number within 2^53",
  boolean: "true or false",
  null: "null",
  array: "a list",
  object: "an object",
};

/**
 * Turns a schema into functions, once. A check looks at each member once and never further than the schema names it, so
 * that its cost is bounded by the size of the value. Expects plain values of JSON.
 */
export function compile(schema: PayloadSchema): Check {
  const types = typesOf(schema);
  const wanted = types.map((type) => WORDS[type]).join(" or ");
  const fits = new Set<string>(types);
  const whole = types.includes("integer") && !types.includes("number");
  if (whole) fits.add("number");
  const listed = listedValues(schema);
  const text = checkOfText(schema);
  const number = checkOfNumber(schema, whole, wanted);
  const list = checkOfList(schema);
  const object = checkOfObject(schema);
  return (value) => {
    const type = typeOf(value);
    if (types.length > 0 && !fits.has(type)) return misfit(`must be ${wanted}, not ${inWords(type)}`);
    const found = listed?.(value);
    if (found) return found;
    switch (type) {
      case "string":
        return text?.(value);
      case "number":
        return number?.(value);
      case "array":
        return list?.(value);
      case "object":
        return object?.(value);
      default:
        return undefined;
    }
  };
}

/** A complaint about a value itself. */
export function misfit(why: string): Misfit {
  return { why, path: [] };
}

/** The same complaint, one level further out. */
export function within(key: string | number, found: Misfit): Misfit {
  found.path.push(key);
  return found;
}

export function typesOf({ type }: PayloadSchema): readonly PayloadType[] {
  return type === undefined ? [] : typeof type === "string" ? [type] : type;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function inWords(type: string): string {
  return type === "number" ? "a number" : ((WORDS as Record<string, string | undefined>)[type] ?? type);
}

/** Most values that a complaint lists. */
const MOST_LISTED = 12;

function listedValues({ enum: values, const: only }: PayloadSchema): Check | undefined {
  const allowed = values ?? (only === undefined ? undefined : [only]);
  if (allowed === undefined) return undefined;
  const known = new Set<unknown>(allowed);
  const shown = allowed.slice(0, MOST_LISTED).map((value) => JSON.stringify(value));
  const why = `must be ${shown.join(", ")}${allowed.length > MOST_LISTED ? " or one of more" : ""}`;
  return (value) => (known.has(value) ? undefined : misfit(why));
}

function checkOfText(schema: PayloadSchema): Check | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, contentEncoding, bytes, format } = schema;
  const isFree = minLength === 0 && maxLength === Number.POSITIVE_INFINITY;
  if (isFree && contentEncoding === undefined && format === undefined) return undefined;
  const lengths = bytes === undefined ? "" : ` of ${lengthsInWords(bytes)}`;
  return (value) => {
    const text = value as string;
    const { length } = text;
    if (length < minLength) return misfit(`must have at least ${minLength} characters, not ${length}`);
    if (length > maxLength) return misfit(`must have at most ${maxLength} characters, not ${length}`);
    if (format === "uint64" && !isUint64(text))
      return misfit("must be a whole number from 0 to 2^64-1 in decimal digits");
    if (contentEncoding === undefined) return undefined;
    const decoded = decodedBytes(text);
    if (decoded === undefined) return misfit(`must be base64${lengths}`);
    if (bytes === undefined || isAllowedLength(decoded, bytes)) return undefined;
    return misfit(`must be base64${lengths}, and stands for ${decoded}`);
  };
}

function checkOfNumber(schema: PayloadSchema, whole: boolean, wanted: string): Check | undefined {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (!whole && minimum === Number.NEGATIVE_INFINITY && maximum === Number.POSITIVE_INFINITY)
    return undefined;
  return (value) => {
    const number = value as number;
    if (whole && !Number.isSafeInteger(number)) return misfit(`must be ${wanted}`);
    if (number < minimum) return misfit(`must be at least ${minimum}`);
    return number > maximum ? misfit(`must be at most ${maximum}`) : undefined;
  };
}

function checkOfList({ items, minItems = 0, maxItems }: PayloadSchema): Check | undefined {
  if (items === undefined && minItems === 0 && maxItems === undefined) return undefined;
  const item = items && compile(items);
  return (value) => {
    const list = value as readonly unknown[];
    const { length } = list;
    if (length < minItems) return misfit(`must have at least ${minItems} items, not ${length}`);
    if (maxItems !== undefined && length > maxItems)
      return misfit(`must have at most ${maxItems} items, not ${length}`);
    if (item === undefined) return undefined;
    for (let n = 0; n < length; n += 1) {
      const found = item(list[n]);
      if (found) return within(n, found);
    }
    return undefined;
  };
}

function checkOfObject(schema: PayloadSchema): Check | undefined {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const members = Object.entries(properties).map(
    ([name, one]) => [name, compile(one), required.includes(name)] as const,
  );
  const known = new Set(Object.keys(properties));
  if (members.length === 0 && additionalProperties) return undefined;
  return (value) => {
    const object = value as Readonly<Record<string, unknown>>;
    for (const [name, check, isRequired] of members) {
      if (!Object.hasOwn(object, name)) {
        if (isRequired) return within(name, misfit("is missing"));
        continue;
      }
      const found = check(object[name]);
      if (found) return within(name, found);
    }
    return additionalProperties ? undefined : stranger(object, known);
  };
}

/** A member that is not declared must be absent or null. */
export function stranger(
  object: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
): Misfit | undefined {
  for (const key of Object.keys(object)) {
    if (known.has(key) || object[key] === null) continue;
    return within(key, misfit(unknownKey({ [key]: 0 }, [...known]) ?? "is not declared"));
  }
  return undefined;
}
