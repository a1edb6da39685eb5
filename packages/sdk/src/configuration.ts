import type { JsonValue } from "./protocol/json.js";

/** One key that changed while the extension runs. */
export interface ConfigChange {
  key: string;
  /** As the host sent it; null when the key has no value any more. `config` has it in the type of the spec. */
  value: JsonValue | null;
}

/** The extension's own configuration at the host, beyond what it got at its start. */
export interface ExtensionConfiguration {
  /**
   * The value of a key now, null when it has none. Protocols 1 and 2 get what stands in the extension's file, as text;
   * 3 gets the value that counts, in the type that the manifest names.
   */
  get(key: string): Promise<JsonValue | null>;
  /**
   * Writes a key into the extension's file; needs the permission `config.write`. Protocol 3 also takes numbers, true
   * and false, and null to take the key out. What the user's environment says goes before it. Rejects with an
   * ExtensionError: code -32602 for a missing permission or a bad key or value, -32000 when it could not be written.
   */
  set(key: string, value: string | number | boolean | null): Promise<void>;
}

type Ask = (method: string, params: JsonValue) => Promise<JsonValue>;

export function configurationOf(ask: Ask): ExtensionConfiguration {
  return Object.freeze({
    get: async (key: string) => ((await ask("config.get", { key })) as { value: JsonValue }).value,
    set: async (key: string, value: string | number | boolean | null) => {
      await ask("config.set", { key, value });
    },
  });
}
