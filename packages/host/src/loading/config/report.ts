import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { LiveConfig } from "./live-config.js";
import { redacted, type ConfigSource } from "./resolve.js";
import type { ConfigType } from "./typed-value.js";

/** One key of an extension's configuration: the source of its value, and a form of the value that may be shown. */
export interface ConfigEntryReport {
  key: string;
  source: ConfigSource;
  /** Last characters of the value; null when there is no value. */
  shown: string | null;
  type: ConfigType | null;
  /** The values that are allowed; null when every value of the type is. */
  allowed: readonly (string | number)[] | null;
  required: boolean;
  /** True if the manifest names an environment variable for the value. */
  secret: boolean;
  /** True if the manifest declares the key; other keys stand in the extension's file only. */
  declared: boolean;
  /** True if a source has a value of another type or outside of the limits. */
  invalid: boolean;
  description: string | null;
}

/** The configuration of an extension as it may be shown: sources and shortened values, never a whole value. */
export interface ConfigDiagnostics {
  entries: ConfigEntryReport[];
  /** Keys that one of the extension's providers requires and that have no value. */
  providerMissing: string[];
}

/** Describes a configuration without its values. */
export function reportConfig({ entries, resolved, visible }: LiveConfig): ConfigEntryReport[] {
  const { sources, values } = resolved;
  const declared = entries.map((entry): ConfigEntryReport => {
    const key = entry.key.trim();
    return {
      key,
      source: sources[key] ?? "missing",
      shown: shown(values[key]),
      type: entry.type ?? null,
      allowed: entry.enum ?? null,
      required: entry.required,
      secret: entry.secret_env != null,
      declared: true,
      invalid: resolved.invalid.some((one) => one.key === key),
      description: entry.description ?? null,
    };
  });
  const others = Object.keys(visible)
    .filter((key) => !Object.hasOwn(sources, key))
    .map((key): ConfigEntryReport => ({ ...UNDECLARED, key, shown: shown(visible[key]) }));
  return [...declared, ...others];
}

const UNDECLARED = {
  source: "plugin_config",
  type: null,
  allowed: null,
  required: false,
  secret: false,
  declared: false,
  invalid: false,
  description: null,
} as const;

/** Returns the keys that providers require by their `config_schema` and that have no value. */
export function missingForProviders(providers: readonly object[], values: JsonObject): string[] {
  const required = providers.flatMap((provider) => {
    const schema = "config_schema" in provider ? (provider.config_schema as JsonValue) : null;
    const names =
      typeof schema === "object" && schema !== null && "required" in schema ? schema["required"] : [];
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  });
  return [...new Set(required)].filter((key) => values[key] === undefined);
}

function shown(value: JsonValue | undefined): string | null {
  if (value === undefined) return null;
  return redacted(typeof value === "string" ? value : JSON.stringify(value));
}
