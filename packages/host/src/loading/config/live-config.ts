import type { ConfigEntry } from "@synaps/sdk/manifest";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { resolveConfig, type ConfigSources, type ResolvedConfig } from "./resolve.js";

/** A key whose value changed. The value is null when the key has none any more. */
export interface ConfigChange {
  key: string;
  value: JsonValue | null;
}

export interface LiveConfigOptions {
  id: string;
  entries: readonly ConfigEntry[];
  sources: Omit<ConfigSources, "file">;
  file: ReadonlyMap<string, string>;
  /** True from protocol 3 on: values have the types that the manifest names. */
  typed: boolean;
}

/** The present configuration of one extension, and the state of it that the extension knows. */
export class LiveConfig {
  readonly entries: readonly ConfigEntry[];
  readonly #options: LiveConfigOptions;
  #file: ReadonlyMap<string, string>;
  #resolved: ResolvedConfig;
  #told: JsonObject;

  constructor(options: LiveConfigOptions) {
    this.#options = options;
    this.entries = options.entries;
    this.#file = options.file;
    this.#resolved = this.#resolve(options.file);
    this.#told = this.visible;
  }

  /** Values of declared keys, as `initialize` carries them. */
  get values(): JsonObject {
    return this.#resolved.values;
  }

  get resolved(): ResolvedConfig {
    return this.#resolved;
  }

  /** Keys and values of the extension's own file. */
  get file(): ReadonlyMap<string, string> {
    return this.#file;
  }

  /** Declared keys with their values, and the other keys of the file. */
  get visible(): JsonObject {
    const others = [...this.#file].filter(([key]) => !Object.hasOwn(this.#resolved.sources, key));
    return { ...Object.fromEntries(others), ...this.#resolved.values };
  }

  /** Takes the new content of the file. Returns the changes of visible values. */
  update(file: ReadonlyMap<string, string>): { changes: ConfigChange[]; invalid: ResolvedConfig["invalid"] } {
    const before = this.visible;
    const resolved = this.#resolve(file);
    // A value of the wrong type does not count: the previous value stays.
    for (const { key } of resolved.invalid) {
      const kept = this.#resolved.values[key];
      if (kept !== undefined) resolved.values[key] = kept;
    }
    this.#file = file;
    this.#resolved = resolved;
    return { changes: differences(before, this.visible), invalid: resolved.invalid };
  }

  /** Returns the values for `initialize`, and notes that the extension knows them. */
  tell(): JsonObject {
    this.#told = this.visible;
    return this.values;
  }

  /** Returns the changes that the extension does not know yet. */
  untold(): ConfigChange[] {
    return differences(this.#told, this.visible);
  }

  /** Notes that the extension was told about a change. */
  told({ key, value }: ConfigChange): void {
    const { [key]: _, ...others } = this.#told;
    this.#told = value === null ? others : { ...others, [key]: value };
  }

  #resolve(file: ReadonlyMap<string, string>): ResolvedConfig {
    const { id, entries, sources, typed } = this.#options;
    return resolveConfig(id, entries, { ...sources, file }, typed);
  }
}

function differences(before: JsonObject, after: JsonObject): ConfigChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .sort()
    .map((key) => ({ key, value: after[key] ?? null }));
}
