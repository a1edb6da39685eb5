import { brokenLimit } from "./config-limits.js";
import { ExtensionError } from "./errors.js";
import type { JsonObject, JsonValue } from "./protocol/json.js";

export const CONFIG_TYPES = ["string", "number", "boolean", "json"] as const;

/** Type and default of one configuration key. The host sends strings; `type` says how to read them. */
export interface ConfigField {
  type: (typeof CONFIG_TYPES)[number];
  /** The values that are allowed, as in the manifest; the value then has the type of their union. For texts and numbers. */
  enum?: readonly (string | number)[];
  /** Smallest and largest number. */
  min?: number;
  max?: number;
  /** Most characters of a text. */
  max_length?: number;
  /** Used when the host sends nothing for the key. Without it, the value may be undefined. */
  default?: JsonValue;
}

/**
 * Types and defaults of configuration keys, by key. Reads what the manifest declares; it does not replace the
 * manifest.
 */
export type ConfigSpec = Readonly<Record<string, ConfigField>>;

type ValueOf<F extends ConfigField> = F extends { enum: readonly (infer V)[] } ? V : TypeOf<F>;

type TypeOf<F extends ConfigField> = F["type"] extends "string"
  ? string
  : F["type"] extends "number"
    ? number
    : F["type"] extends "boolean"
      ? boolean
      : JsonValue;

/** The configuration as handlers see it: typed by the spec, optional where no default stands. */
export type ConfigOf<C extends ConfigSpec> = {
  readonly [K in keyof C]: C[K] extends { default: JsonValue } ? ValueOf<C[K]> : ValueOf<C[K]> | undefined;
};

const TRUE = ["1", "true", "yes", "on"];
const FALSE = ["0", "false", "no", "off", ""];

/** Reads what the host sent. Throws an ExtensionError that names the key when a value does not fit its type or its limits. */
export function readConfig<C extends ConfigSpec>(spec: C, sent: JsonObject): ConfigOf<C> {
  const config: Record<string, JsonValue | undefined> = {};
  for (const [key, field] of Object.entries(spec)) {
    const value = Object.hasOwn(sent, key) ? sent[key] : undefined;
    config[key] = value === undefined || value === null ? field.default : fitting(key, field, value);
  }
  return Object.freeze(config) as ConfigOf<C>;
}

function fitting(key: string, field: ConfigField, sent: JsonValue): JsonValue {
  const value = convert(key, field.type, sent);
  const wanted = field.type === "json" ? undefined : brokenLimit(field, value);
  if (wanted !== undefined) throw new ExtensionError(`config key '${key}' must be ${wanted}`);
  return value;
}

function convert(key: string, type: ConfigField["type"], value: JsonValue): JsonValue {
  if (type === "json") return typeof value === "string" ? parseJson(key, value) : value;
  if (type === "string") return typeof value === "string" ? value : JSON.stringify(value);
  if (typeof value === type) return value;
  const text = String(value).trim();
  if (type === "number" && text !== "" && Number.isFinite(Number(text))) return Number(text);
  if (type === "boolean" && TRUE.includes(text.toLowerCase())) return true;
  if (type === "boolean" && FALSE.includes(text.toLowerCase())) return false;
  throw new ExtensionError(`config key '${key}' must be a ${type}`);
}

function parseJson(key: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new ExtensionError(`config key '${key}' must hold JSON`);
  }
}
