import { isAbsolute, join } from "node:path";
import { breakerChoice, PRIORITIES, priorityNumber, wrongBreakerChoice } from "@synaps/sdk/manifest";
import {
  BREAKER_BOUNDS,
  BREAKER_NAMES,
  didYouMean,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "@synaps/sdk/protocol";
import { homeFolder } from "../config/base-dir.js";
import { snakeName } from "./names.js";

/** A value as the host takes it, or the reason why it takes it not, in a clause that begins with "must". */
export type Reading =
  | { readonly value: JsonValue; readonly wrong?: undefined }
  | { readonly wrong: string; readonly hint?: string | undefined };

/** Kind of values that a key takes. */
export interface Rule {
  /** Takes anything that a parser returns, and never throws. */
  read(value: unknown): Reading;
  /** The value that a text of the environment stands for; the text itself where it stands for none. */
  parse(text: string): unknown;
  /** The value as the file has it. Default: as the host has it. */
  write?(value: JsonValue): JsonValue;
  /** JSON Schema of the values. */
  readonly schema: JsonObject;
}

const TRUE = ["true", "1", "yes", "on"];
const FALSE = ["false", "0", "no", "off"];
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

const asText = (text: string): unknown => text;

/** True or false for a text that stands for one of the two; otherwise the text. */
export function asSwitch(text: string): unknown {
  const word = text.trim().toLowerCase();
  if (TRUE.includes(word)) return true;
  return FALSE.includes(word) ? false : text;
}

function asNumber(text: string): unknown {
  return NUMBER.test(text.trim()) ? Number(text) : text;
}

/** Names the type of a value for messages. The value itself is never shown: it may be a secret in the wrong place. */
function typeName(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Date) return "a date";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "boolean":
      return "true or false";
    case "bigint":
      return "a larger number";
    case "number":
      if (Number.isNaN(value)) return "no number (nan)";
      return Number.isFinite(value) ? "another number" : "infinite";
    default:
      return "a table";
  }
}

function notThe(wanted: string, value: unknown, hint?: string): Reading {
  return { wrong: `must be ${wanted}, and is ${typeName(value)}`, hint };
}

/** True or false. */
export const SWITCH: Rule = {
  read: (value) => (typeof value === "boolean" ? { value } : notThe("true or false", value)),
  parse: asSwitch,
  schema: { type: "boolean" },
};

/** Bounds of a number. */
export interface NumberBounds {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
  /** True takes `false` too, which stands for no value at all. */
  readonly orFalse?: boolean;
  /** Remedy for a zero where zero is too small. */
  readonly zero?: string;
}

/** Numbers within bounds. */
export function number({ least, most, whole = true, orFalse = false, zero }: NumberBounds): Rule {
  const wanted = `a ${whole ? "whole " : ""}number from ${least} to ${most}${orFalse ? ", or false for none" : ""}`;
  const schema = { type: whole ? "integer" : "number", minimum: least, maximum: most };
  const fits = (value: unknown): value is number =>
    typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
  return {
    read(value) {
      // Minus zero is zero.
      if (fits(value)) return { value: value + 0 };
      if (orFalse && value === false) return { value: null };
      return notThe(wanted, value, value === 0 ? zero : undefined);
    },
    parse(text) {
      // A zero stays one: the refusal of it names the remedy.
      return orFalse && asSwitch(text) === false && text.trim() !== "0" ? false : asNumber(text);
    },
    write: (value) => (orFalse && value === null ? false : value),
    schema: orFalse ? { anyOf: [schema, { const: false }] } : schema,
  };
}

/** One of several words. */
export function oneOf(words: readonly string[]): Rule {
  return {
    read(value) {
      if (typeof value === "string" && words.includes(value)) return { value };
      const meant = typeof value === "string" ? didYouMean(value, words) : undefined;
      const wanted = words.map((word) => `'${word}'`).join(" or ");
      if (typeof value !== "string") return notThe(wanted, value);
      return {
        wrong: `must be ${wanted}`,
        hint: meant === undefined ? undefined : `Did you mean '${meant}'?`,
      };
    },
    parse: (text) => text.trim(),
    schema: { enum: [...words] },
  };
}

/** Texts of a form. */
export function textLike(pattern: RegExp, wanted: string): Rule {
  return {
    read(value) {
      if (typeof value !== "string") return notThe(wanted, value);
      return pattern.test(value) ? { value } : { wrong: `must be ${wanted}` };
    },
    parse: asText,
    schema: { type: "string", pattern: pattern.source },
  };
}

// A zero byte would end a path too early.
// oxlint-disable-next-line no-control-regex
const PATH_FORM = /^(~$|~[/\\]|\/|[A-Za-z]:[/\\])[^\u0000]*$/;

/** Absolute paths; `~` stands for the home folder of the user. */
export const PATH: Rule = {
  read(value) {
    const wanted = "an absolute path, or one that begins with '~/'";
    if (typeof value !== "string") return notThe(wanted, value);
    if (!PATH_FORM.test(value)) return { wrong: `must be ${wanted}` };
    if (!value.startsWith("~")) return isAbsolute(value) ? { value } : { wrong: `must be ${wanted}` };
    const home = homeFolder();
    return home === undefined
      ? { wrong: "begins with '~', and this user has no home folder", hint: "Write the path in full." }
      : { value: join(home, value.slice(1)) };
  },
  parse: asText,
  schema: { type: "string", pattern: PATH_FORM.source },
};

/** A number of a chain's order, or a name for one. */
export const PRIORITY: Rule = {
  read(value) {
    const names = Object.keys(PRIORITIES);
    const isName = (text: string): text is keyof typeof PRIORITIES => names.includes(text);
    if (Number.isSafeInteger(value)) return { value: (value as number) + 0 };
    const wanted = `a whole number or one of ${names.join(", ")}`;
    if (typeof value !== "string") return notThe(wanted, value);
    if (isName(value)) return { value: priorityNumber(value) };
    const meant = didYouMean(value, names);
    return { wrong: `must be ${wanted}`, hint: meant === undefined ? undefined : `Did you mean '${meant}'?` };
  },
  parse: asNumber,
  schema: {
    anyOf: [
      { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      { enum: Object.keys(PRIORITIES) },
    ],
  },
};

function ownBreakerSchema(): JsonObject {
  const bounds = Object.entries(BREAKER_BOUNDS).map(([name, [minimum, maximum, isWhole]]) => [
    snakeName(name),
    { type: isWhole ? "integer" : "number", minimum, maximum },
  ]);
  const like = { enum: BREAKER_NAMES.filter((name) => name !== "default") };
  return {
    type: "object",
    properties: { like, ...(Object.fromEntries(bounds) as JsonObject) },
    additionalProperties: false,
  };
}

/** A breaker: the name of a policy, or a table of one. */
export const BREAKER: Rule = {
  read(value) {
    const wrong = wrongBreakerChoice(value);
    if (wrong !== undefined) return { wrong: `is no breaker: ${wrong}` };
    return { value: breakerChoice(value as string) as JsonValue };
  },
  parse: (text) => text.trim(),
  write: (value) =>
    isJsonObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [snakeName(name), one]))
      : value,
  schema: { anyOf: [{ enum: [...BREAKER_NAMES] }, ownBreakerSchema()] },
};

/** Most kinds in a list, and most characters of one: more than all catalogs together have. */
const MOST_KINDS = 1_000;
const MAX_KIND_LENGTH = 256;

/** Events that an audit records. */
export const EVENTS: Rule = {
  read(value) {
    if (value === "all" || value === "security") return { value };
    const wanted = "'all', 'security' or a list of kinds";
    if (typeof value === "string") return { wrong: `must be ${wanted}` };
    if (!Array.isArray(value)) return notThe(wanted, value);
    const isKind = (one: unknown): boolean =>
      typeof one === "string" && one !== "" && one.length <= MAX_KIND_LENGTH;
    if (value.length === 0 || value.length > MOST_KINDS || !value.every(isKind))
      return {
        wrong: `must be ${wanted}: 1 to ${MOST_KINDS} texts of at most ${MAX_KIND_LENGTH} characters`,
      };
    return { value: [...(value as string[])] };
  },
  parse(text) {
    const words = text.split(",").map((word) => word.trim());
    return words.length === 1 && (words[0] === "all" || words[0] === "security") ? words[0] : words;
  },
  schema: {
    anyOf: [
      { enum: ["all", "security"] },
      {
        type: "array",
        minItems: 1,
        maxItems: MOST_KINDS,
        items: { type: "string", minLength: 1, maxLength: MAX_KIND_LENGTH },
      },
    ],
  },
};
