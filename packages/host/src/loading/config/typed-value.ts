import { brokenLimit, type ConfigEntry } from "@synaps/sdk/manifest";
import type { JsonValue } from "@synaps/sdk/protocol";

export type ConfigType = NonNullable<ConfigEntry["type"]>;

const TRUE = ["1", "true", "yes", "on"];
const FALSE = ["0", "false", "no", "off", ""];
const WHOLE = /^[+-]?\d+$/;

/** Converts a value to the type that the manifest names; undefined when the value does not have that type. */
export function typedValue(type: ConfigType, value: JsonValue): string | number | boolean | undefined {
  if (type === "string") return typeof value === "string" ? value : undefined;
  if (typeof value === (type === "bool" ? "boolean" : "number")) return value as number | boolean;
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  if (type === "number") return numberIn(text);
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : undefined;
}

function numberIn(text: string): number | undefined {
  const value = Number(text);
  return text === "" || !Number.isFinite(value) || losesDigits(text) ? undefined : value;
}

/** True for a whole number beyond 2^53: the extension would get another number than the user wrote. */
function losesDigits(text: string): boolean {
  return WHOLE.test(text) && !Number.isSafeInteger(Number(text));
}

/** A value as its entry takes it, or a description of the value that is wanted instead. */
export type Fitting =
  | { value: JsonValue; wanted?: undefined }
  /** With `outside`, the value has its type and breaks a limit. */
  | { value?: undefined; wanted: string; outside: boolean };

/** Converts a value to the type of its entry and compares it with the entry's limits. */
export function fittingValue(entry: ConfigEntry, found: JsonValue): Fitting {
  const value = entry.type ? typedValue(entry.type, found) : found;
  if (value === undefined) return { wanted: wantedValue(entry.type as ConfigType, found), outside: false };
  const wanted = brokenLimit(entry, value);
  return wanted === undefined ? { value } : { wanted, outside: true };
}

const TYPE_NAMES: Readonly<Record<ConfigType, string>> = {
  string: "text",
  number: "a number",
  bool: "true or false",
};

/** Describes the value that is wanted instead of one that is not of its type, for messages. */
function wantedValue(type: ConfigType, instead: JsonValue): string {
  const tooLong = type === "number" && typeof instead === "string" && losesDigits(instead.trim());
  return tooLong ? "a number of at most 15 digits, so that none is lost" : TYPE_NAMES[type];
}
