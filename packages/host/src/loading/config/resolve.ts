import { overrideName, type ConfigEntry } from "@synaps/sdk/manifest";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { fittingValue } from "./typed-value.js";

/** Sources of values, in no order. All are plain data, so that resolving is pure. */
export interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>;
  /** `<base>/plugins/<id>/config`. */
  file: ReadonlyMap<string, string>;
  /** `<base>/config`, with keys of the form `extension.<id>.<key>`. */
  global: ReadonlyMap<string, string>;
  projectRoot: string | undefined;
}

/** Place that a value of the configuration comes from; `missing` when no place has one. */
export type ConfigSource =
  | "host_context"
  | "env_override"
  | "secret_env"
  | "plugin_config"
  | "legacy_config_key"
  | "default"
  | "missing";

export interface ResolvedConfig {
  values: JsonObject;
  /** Source of each key's value; never the value. */
  sources: Record<string, ConfigSource>;
  /** Required keys without a value, each with a hint about its sources. */
  missing: { key: string; index: number; hint: string }[];
  /** Keys whose value does not have the declared type, or is outside of the limits of the manifest. */
  invalid: InvalidValue[];
}

export interface InvalidValue {
  key: string;
  index: number;
  /** Description of a value that would do. */
  wanted: string;
  source: ConfigSource;
  /** True if the default of the manifest counts instead. */
  defaulted: boolean;
}

/**
 * Finds the value of each key: the first source that has a value counts. With `typed`, values are converted to the
 * declared type, and a value that cannot be converted counts as no value; a value outside of its limits is replaced by the
 * default. Otherwise values stay as found.
 */
export function resolveConfig(
  id: string,
  entries: readonly ConfigEntry[],
  from: ConfigSources,
  typed = false,
): ResolvedConfig {
  const resolved: ResolvedConfig = { values: {}, sources: {}, missing: [], invalid: [] };
  entries.forEach((entry, index) => {
    const key = entry.key.trim();
    const [source, found] = find(id, key, entry, from);
    resolved.sources[key] = source;
    const fitting = found === undefined ? undefined : fittingValue(entry, found);
    let value = typed ? fitting?.value : found;
    const isWrong = fitting?.wanted !== undefined;
    if (isWrong) {
      // Of a value outside of its limits the meaning is known: like a value that nobody gave.
      const fallback =
        typed && fitting.outside && source !== "default" ? (entry.default ?? undefined) : undefined;
      if (fallback !== undefined) [value, resolved.sources[key]] = [fallback, "default"];
      const defaulted = fallback !== undefined;
      resolved.invalid.push({ key, index, wanted: fitting.wanted, source, defaulted });
    }
    if (value !== undefined) resolved.values[key] = value;
    else if (entry.required && !isWrong) resolved.missing.push({ key, index, hint: hintFor(id, key, entry) });
  });
  return resolved;
}

function find(
  id: string,
  key: string,
  entry: ConfigEntry,
  { env, file, global, projectRoot }: ConfigSources,
): [ConfigSource, JsonValue | undefined] {
  if (entry.host_context != null) {
    if (projectRoot !== undefined) return ["host_context", projectRoot];
  } else {
    const override = env[overrideName(id, key)];
    if (override !== undefined) return ["env_override", override];
    const secret = entry.secret_env == null ? undefined : env[entry.secret_env];
    if (secret !== undefined) return ["secret_env", secret];
    const own = file.get(key);
    if (own !== undefined) return ["plugin_config", own];
    const legacy = global.get(`extension.${id}.${key}`);
    if (legacy !== undefined) return ["legacy_config_key", legacy];
  }
  if (entry.default !== undefined && entry.default !== null) return ["default", entry.default];
  return ["missing", undefined];
}

function hintFor(id: string, key: string, entry: ConfigEntry): string {
  if (entry.host_context != null)
    return "Run the host inside a project: a folder with .git or .synaps-project.";
  const secret = entry.secret_env == null ? "" : `${entry.secret_env} or `;
  return `Set ${secret}${overrideName(id, key)} in the environment, or '${key} = ...' in the extension's config file.`;
}

/** Shortens a value to its last characters, so that it may be shown. */
export function redacted(value: string): string {
  if (value === "") return "";
  if (value.length <= 3) return "***";
  return `***${value.slice(value.length < 8 ? -2 : -4)}`;
}
