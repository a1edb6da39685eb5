import type { JsonObject, JsonValue } from "./json.js";

/** A type of JSON. `integer` is a whole number within what a double carries exactly. */
export type PayloadType = "string" | "number" | "integer" | "boolean" | "null" | "array" | "object";

/** A value that stands for itself in `enum` and `const`. */
export type PayloadScalar = string | number | boolean | null;

/** Length of decoded bytes: exactly so many, one of a list, or a range with both ends included. */
export type ByteLength = number | readonly number[] | { readonly min: number; readonly max: number };

/**
 * Form of an event's members: a closed subset of JSON Schema and four keywords of our own. The outermost schema speaks of the
 * envelope, so its properties are `tool_name`, `data` and so on. A member that it does not name is left alone, unless
 * `additionalProperties` is false: then it must be absent or null.
 */
export interface PayloadSchema {
  readonly type?: PayloadType | readonly PayloadType[];
  readonly properties?: Readonly<Record<string, PayloadSchema>>;
  readonly required?: readonly string[];
  /** Default true. */
  readonly additionalProperties?: boolean;
  readonly items?: PayloadSchema;
  readonly enum?: readonly PayloadScalar[];
  readonly const?: PayloadScalar;
  /** In UTF-16 units, as JavaScript counts. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly description?: string;
  /** The text is binary data. */
  readonly contentEncoding?: "base64";
  /** Only with `contentEncoding`: how many bytes the text stands for. */
  readonly bytes?: ByteLength;
  /** The text is a whole number from 0 to 2^64-1 in decimal digits. */
  readonly format?: "uint64";
  /** The member stays in the host: attributes may look at it, and it is never sent. */
  readonly metadataOnly?: true;
}

type Typed<T extends PayloadType> = { readonly type: T };

/** Bounds of a text, and a sentence about it. */
export type TextOptions = Pick<PayloadSchema, "minLength" | "maxLength" | "description">;
/** Bounds of a number, both included, and a sentence about it. */
export type NumberOptions = Pick<PayloadSchema, "minimum" | "maximum" | "description">;
/** Bounds of a list's length, and a sentence about it. */
export type ListOptions = Pick<PayloadSchema, "minItems" | "maxItems" | "description">;
/** A sentence about a member. */
export type Described = Pick<PayloadSchema, "description">;

/** A text. */
export const text = (options: TextOptions = {}): Typed<"string"> & TextOptions => ({
  type: "string",
  ...options,
});
/** True or false. */
export const flag = (options: Described = {}): Typed<"boolean"> & Described => ({
  type: "boolean",
  ...options,
});
/** A whole number that a double carries exactly; `u64` carries larger ones. */
export const whole = (options: NumberOptions = {}): Typed<"integer"> & NumberOptions => ({
  type: "integer",
  ...options,
});
/** Any finite number. */
export const number = (options: NumberOptions = {}): Typed<"number"> & NumberOptions => ({
  type: "number",
  ...options,
});
/** A whole number from 0 to 2^64-1 as a text of decimal digits: a JSON number would lose some of them. */
export const u64 = (
  options: Described = {},
): Typed<"string"> & { readonly format: "uint64" } & Described => ({
  type: "string",
  format: "uint64",
  ...options,
});
/** Binary data as base64. `bytes` is the length of the decoded data; left out, any length will do. */
export const binary = (
  bytes?: ByteLength,
  options: Described = {},
): Typed<"string"> & { readonly contentEncoding: "base64"; readonly bytes?: ByteLength } & Described => ({
  type: "string",
  contentEncoding: "base64",
  ...(bytes === undefined ? {} : { bytes }),
  ...options,
});
/** Any value of JSON. */
export const anything = (options: Described = {}): Described => ({ ...options });
/** One of some texts. */
export const oneOfTexts = <const T extends readonly string[]>(
  ...texts: T
): Typed<"string"> & { readonly enum: T } => ({ type: "string", enum: texts });
/** A list of members of one form. */
export const list = <const S extends PayloadSchema>(
  items: S,
  options: ListOptions = {},
): Typed<"array"> & { readonly items: S } & ListOptions => ({ type: "array", items, ...options });

type Optional<P, O> = O extends readonly (infer K)[] ? Exclude<keyof P, K> : keyof P;

/** The members that may be left out, and the word on others. By default all must be there, and no other may come. */
export interface ObjectOptions<P> extends Described {
  readonly optional?: readonly (keyof P & string)[];
  readonly open?: boolean;
}

/** An object. Members may be left out only where `optional` names them; others are refused unless `open` is true. */
export function object<
  const P extends Readonly<Record<string, PayloadSchema>>,
  const O extends ObjectOptions<P> = Record<never, never>,
>(
  properties: P,
  options?: O,
): Typed<"object"> & {
  readonly properties: P;
  readonly required: readonly (Optional<P, O extends { readonly optional: infer L } ? L : []> & string)[];
  readonly additionalProperties: O extends { readonly open: true } ? true : false;
  readonly description?: string;
} {
  const { optional = [], open = false, description }: ObjectOptions<P> = options ?? {};
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  const made: PayloadSchema = { type: "object", properties, required, additionalProperties: open };
  return (description === undefined ? made : { ...made, description }) as never;
}

type TypeIn<S> = S extends { readonly type: readonly (infer T)[] }
  ? T
  : S extends { readonly type: infer T }
    ? T
    : never;
type EnumIn<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly const: infer E }
    ? E
    : never;

/** A schema that takes null too. */
export type Nullable<S> = Omit<S, "type" | "enum" | "const"> & {
  readonly type: readonly (TypeIn<S> | "null")[];
} & ([EnumIn<S>] extends [never] ? unknown : { readonly enum: readonly (EnumIn<S> | null)[] });

/** The same, or null. The member must still be there, unless the object around it says otherwise. */
export function nullable<const S extends PayloadSchema & { readonly type: unknown }>(schema: S): Nullable<S> {
  const { type, enum: values, const: only, ...rest }: PayloadSchema = schema;
  const types = [...(type === undefined ? [] : [type].flat()), "null" as const];
  const allowed = values ?? (only === undefined ? undefined : [only]);
  return {
    type: [...new Set(types)],
    ...(allowed === undefined ? {} : { enum: [...new Set([...allowed, null])] }),
    ...rest,
  } as never;
}

/** The same, kept in the host: attributes may look at the member, and it is never sent. */
export const metadataOnly = <const S extends PayloadSchema>(
  schema: S,
): S & { readonly metadataOnly: true } => ({ ...schema, metadataOnly: true });

/** The TypeScript type of what a schema lets pass, as a program raises it. */
export type PayloadOf<S> = Read<S, false>;

/** The same as a subscriber sees it: without the members that stay in the host. */
export type SeenPayloadOf<S> = Read<S, true>;

/** A schema that was not written as a literal says nothing to the compiler: any value of JSON. */
type Read<S, Seen extends boolean> = PayloadSchema extends S
  ? JsonValue
  : [EnumIn<S>] extends [never]
    ? [TypeIn<S>] extends [never]
      ? JsonValue
      : ReadType<TypeIn<S>, S, Seen>
    : EnumIn<S>;

type ReadType<T, S, Seen extends boolean> = T extends "string"
  ? string
  : T extends "number" | "integer"
    ? number
    : T extends "boolean"
      ? boolean
      : T extends "null"
        ? null
        : T extends "array"
          ? S extends { readonly items: infer I }
            ? Read<I, Seen>[]
            : JsonValue[]
          : T extends "object"
            ? ReadObject<S, Seen>
            : JsonValue;

type ReadObject<S, Seen extends boolean> = S extends { readonly properties: infer P }
  ? Flat<
      { -readonly [K in Extract<VisibleIn<P, Seen>, RequiredIn<S>>]: Read<P[K], Seen> } & {
        -readonly [K in Exclude<VisibleIn<P, Seen>, RequiredIn<S>>]?: Read<P[K], Seen>;
      } & (S extends { readonly additionalProperties: false } ? unknown : Others)
    >
  : JsonObject;

type Others = { [member: string]: JsonValue };
type RequiredIn<S> = S extends { readonly required: readonly (infer K)[] } ? K : never;
type VisibleIn<P, Seen extends boolean> = Seen extends true
  ? { [K in keyof P]: P[K] extends { readonly metadataOnly: true } ? never : K }[keyof P]
  : keyof P;
type Flat<T> = { [K in keyof T]: T[K] };
