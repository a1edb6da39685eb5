import type { ConfigEntry } from "@synaps/sdk/manifest";
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

const TYPE_NAMES: Readonly<Record<ConfigType, string>> = {
  string: "text",
  number: "a number",
  bool: "true or false",
};

/** Describes the value that is wanted instead of one that is not of its type, for messages. */
export function wantedValue(type: ConfigType, instead: JsonValue): string {
  const tooLong = type === "number" && typeof instead === "string" && losesDigits(instead.trim());
  return tooLong ? "a number of at most 15 digits, so that none is lost" : TYPE_NAMES[type];
}
