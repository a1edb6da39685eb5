import { readConfig, type ConfigOf, type ConfigSpec } from "../config.js";
import type { ConfigChange } from "../configuration.js";
import type { ExtensionContext, ExtensionDefinition } from "../define-extension.js";
import { isJsonObject, type JsonObject } from "../protocol/json.js";

/** The configuration that handlers see: what the host sent first, and what changed since. */
export class ConfigInUse {
  readonly #spec: ConfigSpec;
  #sent: JsonObject;
  current: ConfigOf<ConfigSpec>;

  /** Throws an ExtensionError when a value does not fit its type. */
  constructor(spec: ConfigSpec, sent: JsonObject) {
    this.#spec = spec;
    this.#sent = sent;
    this.current = readConfig(spec, sent);
  }

  /** Throws like the constructor; everything stays as it was then. */
  change({ key, value }: ConfigChange): void {
    const { [key]: _, ...others } = this.#sent;
    const sent = value === null ? others : { ...others, [key]: value };
    this.current = readConfig(this.#spec, sent);
    this.#sent = sent;
  }
}

/** Takes a `config.changed` of the host and runs the author's handler. Never throws. */
export async function takeChange(
  params: unknown,
  config: ConfigInUse,
  definition: ExtensionDefinition,
  context: ExtensionContext,
): Promise<void> {
  if (!isJsonObject(params) || typeof params["key"] !== "string") return;
  const change = { key: params["key"], value: params["value"] ?? null };
  try {
    config.change(change);
    await definition.onConfigChange?.(change, context);
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.log(`the change of config '${change.key}' was not taken: ${why}`);
  }
}
