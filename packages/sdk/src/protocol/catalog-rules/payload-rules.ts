import type { PayloadSchema, PayloadType } from "../payload.js";
import { Fault, type Path } from "./fault.js";
import { inWords, listIn, objectWith, oneOf, recordIn, sentence, switchIn } from "./readers.js";

/** Members of an event that a payload may describe, and the types that a host lets them have. */
const MEMBERS: Readonly<Record<string, readonly PayloadType[] | undefined>> = {
  tool_name: ["string", "null"],
  tool_runtime_name: ["string", "null"],
  tool_input: undefined,
  tool_output: ["string", "null"],
  message: ["string", "null"],
  session_id: ["string", "null"],
  transcript: ["array", "null"],
  data: undefined,
};

/** Names of the members that a payload may describe. */
export const EVENT_MEMBERS: readonly string[] = Object.keys(MEMBERS);

const TYPES = [
  "string",
  "number",
  "integer",
  "boolean",
  "null",
  "array",
  "object",
] as const satisfies readonly PayloadType[];

/** Types that a keyword speaks of. Undefined: any. */
const KEYWORDS = {
  type: undefined,
  description: undefined,
  enum: undefined,
  const: undefined,
  metadataOnly: undefined,
  properties: ["object"],
  required: ["object"],
  additionalProperties: ["object"],
  items: ["array"],
  minItems: ["array"],
  maxItems: ["array"],
  minLength: ["string"],
  maxLength: ["string"],
  contentEncoding: ["string"],
  bytes: ["string"],
  format: ["string"],
  minimum: ["number", "integer"],
  maximum: ["number", "integer"],
} as const satisfies Record<keyof PayloadSchema, readonly PayloadType[] | undefined>;
type Keyword = keyof typeof KEYWORDS;
const NAMES = Object.keys(KEYWORDS) as Keyword[];

type Read = Partial<Record<Keyword, unknown>>;

/** Checks the payload of a kind. Throws a Fault for the first thing that is wrong. */
export function checkPayload(value: unknown, path: Path): void {
  const { type, properties } = objectWith(value, path, NAMES, []);
  if (type !== "object") throw new Fault([...path, "type"], "a payload describes an object: type 'object'");
  if (properties === undefined) throw new Fault(path, "'properties' is missing");
  for (const name of Object.keys(recordIn(properties, [...path, "properties"])))
    oneOf(name, [...path, "properties", name], EVENT_MEMBERS, "member of an event");
  checkSchema(value, path, undefined);
}

/** `place`: the schema is that of a member, or of a list's items; undefined for the outermost one. */
function checkSchema(value: unknown, path: Path, place: "member" | "items" | undefined): void {
  const read = objectWith(value, path, NAMES, []);
  const types = typesOf(read.type, [...path, "type"]);
  for (const keyword of NAMES) {
    const about: readonly PayloadType[] | undefined = KEYWORDS[keyword];
    if (read[keyword] === undefined || about === undefined || about.some((type) => types.includes(type)))
      continue;
    throw new Fault(
      [...path, keyword],
      `it says something about type '${about[0]}', which the schema does not allow`,
    );
  }
  if (read.description !== undefined) sentence(read.description, [...path, "description"]);
  if (read.metadataOnly !== undefined && (read.metadataOnly !== true || place !== "member"))
    throw new Fault([...path, "metadataOnly"], "it can only be true, on a member of an object");
  checkValues(read, types, path);
  checkText(read, path);
  checkRange(read, path, "minimum", "maximum", Number.isFinite, "a number");
  checkRange(read, path, "minLength", "maxLength", isCount, "a whole number from 0");
  checkRange(read, path, "minItems", "maxItems", isCount, "a whole number from 0");
  checkMembers(read, path, place === undefined);
  if (read.items !== undefined) checkSchema(read.items, [...path, "items"], "items");
}

function typesOf(value: unknown, path: Path): readonly PayloadType[] {
  if (value === undefined) return TYPES;
  const listed = Array.isArray(value) ? listIn(value, path) : [value];
  if (listed.length === 0) throw new Fault(path, "a list of types cannot be empty");
  return listed.map((one) => oneOf(one, path, TYPES, "type"));
}

function checkValues({ enum: listed, const: only }: Read, types: readonly PayloadType[], path: Path): void {
  if (listed !== undefined && only !== undefined)
    throw new Fault(path, "'enum' and 'const' exclude each other");
  if (listed !== undefined && listIn(listed, [...path, "enum"]).length === 0)
    throw new Fault([...path, "enum"], "no value would ever fit");
  const all = only === undefined ? ((listed ?? []) as readonly unknown[]) : [only];
  for (const one of all) {
    if (types.some((type) => fits(one, type))) continue;
    const at = only === undefined ? "enum" : "const";
    throw new Fault(
      [...path, at],
      `${JSON.stringify(one)} is not of a type that the schema allows, or no plain value`,
    );
  }
}

function fits(value: unknown, type: PayloadType): boolean {
  if (type === "null") return value === null;
  if (type === "integer") return Number.isSafeInteger(value);
  return (type === "string" || type === "number" || type === "boolean") && typeof value === type;
}

function checkText({ contentEncoding, bytes, format }: Read, path: Path): void {
  if (contentEncoding !== undefined)
    oneOf(contentEncoding, [...path, "contentEncoding"], ["base64"], "encoding");
  if (format !== undefined) oneOf(format, [...path, "format"], ["uint64"], "format");
  if (format !== undefined && contentEncoding !== undefined)
    throw new Fault(path, "'format' and 'contentEncoding' exclude each other");
  if (bytes === undefined) return;
  const at = [...path, "bytes"];
  if (contentEncoding === undefined)
    throw new Fault(at, "only a text with 'contentEncoding' stands for bytes");
  const isLength =
    isCount(bytes) ||
    (Array.isArray(bytes) && bytes.length > 0 && listIn(bytes, at).every(isCount)) ||
    isByteRange(bytes);
  if (!isLength)
    throw new Fault(at, "it must be a whole number from 0, a list of such numbers, or {min, max}");
}

function isByteRange(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Object.keys(value).sort().join() !== "max,min")
    return false;
  const { min, max } = value as { min: unknown; max: unknown };
  return isCount(min) && isCount(max) && min <= max;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function checkRange(
  read: Read,
  path: Path,
  low: Keyword,
  high: Keyword,
  isRight: (value: unknown) => boolean,
  words: string,
): void {
  for (const keyword of [low, high])
    if (read[keyword] !== undefined && !isRight(read[keyword]))
      throw new Fault([...path, keyword], `it must be ${words}, not ${inWords(read[keyword])}`);
  if (read[low] !== undefined && read[high] !== undefined && (read[low] as number) > (read[high] as number))
    throw new Fault([...path, low], `it is above '${high}': no value would ever fit`);
}

function checkMembers(
  { properties, required, additionalProperties }: Read,
  path: Path,
  isEvent: boolean,
): void {
  if (additionalProperties !== undefined) switchIn(additionalProperties, [...path, "additionalProperties"]);
  const members = properties === undefined ? {} : recordIn(properties, [...path, "properties"]);
  for (const [name, schema] of Object.entries(members)) {
    const at = [...path, "properties", name];
    checkSchema(schema, at, "member");
    const allowed = isEvent ? MEMBERS[name] : undefined;
    if (allowed && !typesOf((schema as Read).type, at).every((type) => allowed.includes(type)))
      throw new Fault([...at, "type"], `'${name}' of an event is of type ${allowed.join(" or ")}`);
  }
  for (const [index, name] of listIn(required ?? [], [...path, "required"]).entries()) {
    if (typeof name !== "string" || !Object.hasOwn(members, name))
      throw new Fault([...path, "required", index], "it must name one of 'properties'");
  }
}
