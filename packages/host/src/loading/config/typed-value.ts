import type { ConfigEntry } from "@synaps/sdk/manifest";
import type { JsonValue } from "@synaps/sdk/protocol";

export type ConfigType = NonNullable<ConfigEntry["type"]>;

const TRUE = ["1", "true", "yes", "on"];
const FALSE = ["0", "false", "no", "off", ""];

/** A value in the type that the manifest names; undefined when it cannot be one. */
export function typedValue(type: ConfigType, value: JsonValue): string | number | boolean | undefined {
  if (type === "string") return typeof value === "string" ? value : undefined;
  if (typeof value === (type === "bool" ? "boolean" : "number")) return value as number | boolean;
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  if (type === "number") return text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : undefined;
}

/** What a value of the type looks like, for messages. */
export const TYPE_NAMES: Readonly<Record<ConfigType, string>> = {
  string: "text",
  number: "a number",
  bool: "true or false",
};
