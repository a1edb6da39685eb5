import { isJsonObject, WIRE_ERRORS, type JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";
import type { Extension } from "../extension/extension.js";
import type { Inbound } from "../inbound/inbound.js";
import { RequestFailure } from "../rpc/inbound-requests.js";
import { checkedText } from "./check.js";
import { extensionConfigPath, readOwnConfig } from "./config-file.js";
import type { Configuration } from "./configuration.js";
import { keyProblem } from "./edit.js";

/** Answers `config.get`, `config.set` and `config.subscribe` of extensions, with the reference's codes. */
export function answerConfig(inbound: Inbound, configuration: Configuration, baseDir: string): void {
  inbound.answer("config.get", async (from, params) => {
    const key = keyOf(params);
    // Protocols 1 and 2 ask for what stands in the file; 3 for the value that counts.
    const value =
      from.loaded.protocol < 3
        ? (await asFailure(readOwnConfig(extensionConfigPath(baseDir, from.id)))).get(key)
        : await asFailure(configuration.get(from.id, key));
    return { value: value ?? null };
  });
  inbound.answer("config.set", async (from, params) => {
    need(from, "config.write");
    const key = keyOf(params);
    const value = valueOf(from, params);
    await asFailure(set(configuration, from, key, value));
    return { ok: true };
  });
  inbound.answer("config.subscribe", (from) => {
    need(from, "config.subscribe");
    configuration.subscribe(from);
    return { ok: true };
  });
}

async function set(
  configuration: Configuration,
  from: Extension,
  key: string,
  value: string | number | boolean | null,
): Promise<void> {
  const { liveConfig, protocol } = from.loaded;
  await configuration.write(from, key, checkedText(liveConfig.entries, key, value, protocol >= 3));
}

function need(from: Extension, permission: "config.write" | "config.subscribe"): void {
  if (!from.loaded.permissions.has(permission)) throw refused(`permission denied: ${permission} required`);
}

function keyOf(params: unknown): string {
  const key = isJsonObject(params) ? params["key"] : undefined;
  if (typeof key !== "string" || keyProblem(key)) throw refused("missing or invalid 'key' parameter");
  return key;
}

/** Text; protocol 3 also numbers, true and false, and null to take the key out. */
function valueOf({ loaded }: Extension, params: unknown): string | number | boolean | null {
  const value: JsonValue | undefined = isJsonObject(params) ? params["value"] : undefined;
  if (typeof value === "string") return value;
  if (loaded.protocol >= 3 && (value === null || typeof value === "number" || typeof value === "boolean"))
    return value;
  throw refused("missing or invalid 'value' parameter");
}

function refused(message: string): RequestFailure {
  return new RequestFailure(WIRE_ERRORS.invalid_params, message);
}

async function asFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const code = error.code === "CONFIG_INVALID" ? WIRE_ERRORS.invalid_params : WIRE_ERRORS.store_error;
    throw new RequestFailure(code, error.message);
  }
}
