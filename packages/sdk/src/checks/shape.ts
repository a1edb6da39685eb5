import { missingKey, unknownName, wrongType } from "./wording.js";

const TYPES = {
  function: "a function",
  string: "a string",
  "string or null": "a string or null",
  number: "a number",
  boolean: "a boolean",
  object: "an object",
  list: "a list",
  any: "any value",
} as const;

export type TypeName = keyof typeof TYPES;

/** Names and types of the keys that an object may have. */
export type Shape = Readonly<Record<string, TypeName>>;

/** A shape that names each key of a type, so that the check and the type cannot part. */
export type ShapeOf<T> = Readonly<Record<keyof T & string, TypeName>>;

/**
 * Throws a TypeError for an unknown key, a value of a wrong type and a required key that is missing. Keys whose value is
 * undefined count as missing. Instances of classes may have further members of their own.
 */
export function checkShape(
  where: string,
  value: unknown,
  shape: Shape,
  required: readonly string[] = [],
): asserts value is Record<string, unknown> {
  if (!isObject(value)) throw wrongType(where, TYPES.object, value);
  if (isPlain(value)) {
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(shape, key));
    if (unknown !== undefined) throw unknownName(where, "key", unknown, Object.keys(shape));
  }
  for (const [key, type] of Object.entries(shape)) {
    const one = value[key];
    if (one === undefined && required.includes(key)) throw missingKey(where, key, TYPES[type]);
    if (one !== undefined) checkType(`${where}: '${key}'`, one, type);
  }
}

export function checkType(where: string, value: unknown, type: TypeName): void {
  if (!hasType(value, type)) throw wrongType(where, TYPES[type], value);
}

function hasType(value: unknown, type: TypeName): boolean {
  if (type === "any") return true;
  if (type === "object") return isObject(value);
  if (type === "string or null") return value === null || typeof value === "string";
  if (type === "list") return Array.isArray(value);
  return typeof value === type && !Number.isNaN(value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for objects that were not made by a class, also for those of another realm. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
