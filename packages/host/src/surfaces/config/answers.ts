import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import type { Inbound } from "../../supervision/inbound.js";
import { asFailure, need, refused } from "../refusals.js";
import { checkedText } from "../../loading/config/check.js";
import { extensionConfigPath, readOwnConfig } from "../../loading/config/config-file.js";
import type { Configuration } from "./configuration.js";
import { keyProblem } from "../../loading/config/edit.js";

const WRONG = "CONFIG_INVALID";

/** Answers `config.get`, `config.set` and `config.subscribe` of extensions, with the reference's codes. */
export function answerConfig(inbound: Inbound, configuration: Configuration, baseDir: string): void {
  inbound.answer("config.get", async (from, params) => {
    const key = keyOf(params);
    // Protocols 1 and 2 ask for what stands in the file; 3 for the value that counts.
    const value =
      from.loaded.protocol < 3
        ? (await asFailure(readOwnConfig(extensionConfigPath(baseDir, from.id)), WRONG)).get(key)
        : await asFailure(configuration.get(from.id, key), WRONG);
    return { value: value ?? null };
  });
  inbound.answer("config.set", async (from, params) => {
    need(from, "config.write");
    const key = keyOf(params);
    const value = valueOf(from, params);
    await asFailure(set(configuration, from, key, value), WRONG);
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
