import type { ConfigEntry } from "@synaps/sdk/manifest";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { resolveConfig, type ConfigSources, type ResolvedConfig } from "./resolve.js";

/** A key whose value is another one now; null when it has none any more. */
export interface ConfigChange {
  key: string;
  value: JsonValue | null;
}

export interface LiveConfigOptions {
  id: string;
  entries: readonly ConfigEntry[];
  sources: Omit<ConfigSources, "file">;
  file: ReadonlyMap<string, string>;
  /** Whether values have the types that the manifest names: from protocol 3 on. */
  typed: boolean;
}

/** The configuration of one extension as it is now, and what of it the extension was told last. */
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

  /** Values of declared keys: what `initialize` carries. */
  get values(): JsonObject {
    return this.#resolved.values;
  }

  get resolved(): ResolvedConfig {
    return this.#resolved;
  }

  /** What stands in the extension's own file. */
  get file(): ReadonlyMap<string, string> {
    return this.#file;
  }

  /** Declared keys with their values, and what else stands in the file. What is declared may be overruled there. */
  get visible(): JsonObject {
    const others = [...this.#file].filter(([key]) => !Object.hasOwn(this.#resolved.sources, key));
    return { ...Object.fromEntries(others), ...this.#resolved.values };
  }

  /** Takes what the file holds now. Returns what changed for anybody who looks. */
  update(file: ReadonlyMap<string, string>): { changes: ConfigChange[]; invalid: ResolvedConfig["invalid"] } {
    const before = this.visible;
    const resolved = this.#resolve(file);
    // A value of the wrong type does not count: the one before it stays.
    for (const { key } of resolved.invalid) {
      const kept = this.#resolved.values[key];
      if (kept !== undefined) resolved.values[key] = kept;
    }
    this.#file = file;
    this.#resolved = resolved;
    return { changes: differences(before, this.visible), invalid: resolved.invalid };
  }

  /** What `initialize` carries; from now on that is what the extension knows. */
  tell(): JsonObject {
    this.#told = this.visible;
    return this.values;
  }

  /** What the extension does not know yet. */
  untold(): ConfigChange[] {
    return differences(this.#told, this.visible);
  }

  /** From now on the extension knows this. */
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
