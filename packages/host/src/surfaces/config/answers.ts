import { stat } from "node:fs/promises";
import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { extensionConfigPath, readOwnConfig } from "../../loading/config/config-file.js";
import { keyProblem } from "../../loading/config/edit.js";
import type { Extension } from "../../supervision/extension.js";
import { asFailure, need, refused } from "../refusals.js";
import type { HostServices } from "../services.js";
import { isInexact } from "../untrusted.js";
import type { Configuration } from "./configuration.js";
import { Paced, READING_MS, WRITING_MS } from "./paced.js";

const WRONG = "CONFIG_INVALID";

/** Answers `config.get`, `config.set` and `config.subscribe` of extensions, with the reference's codes. */
export function answerConfig(
  { inbound, baseDir, clock }: Pick<HostServices, "inbound" | "baseDir" | "clock">,
  configuration: Configuration,
): void {
  const paced = new WeakMap<Extension, Paced>();
  const inTurn = <T>(from: Extension, fixedMs: number, work: () => Promise<T>): Promise<T> => {
    const own = paced.get(from) ?? new Paced(clock);
    paced.set(from, own);
    return own.run(fixedMs, () => sizeOf(extensionConfigPath(baseDir, from.id)), work);
  };
  inbound.answer("config.get", async (from, params) => {
    const key = keyOf(params);
    // Protocols 1 and 2 ask for the value in the file; protocol 3 for the value that counts.
    const value = await inTurn(from, READING_MS, async () =>
      from.loaded.protocol < 3
        ? (await asFailure(readOwnConfig(extensionConfigPath(baseDir, from.id)), WRONG)).get(key)
        : asFailure(configuration.get(from.id, key), WRONG),
    );
    return { value: value ?? null };
  });
  inbound.answer("config.set", async (from, params) => {
    need(from, "config.write");
    const key = keyOf(params);
    const value = valueOf(from, params);
    await inTurn(from, WRITING_MS, () => asFailure(configuration.setFor(from, key, value), WRONG));
    return { ok: true };
  });
  inbound.answer("config.subscribe", (from) => {
    need(from, "config.subscribe");
    configuration.subscribe(from);
    return { ok: true };
  });
}

/** Size of a file; 0 for a file that is not there: reading it says so. */
function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function keyOf(params: unknown): string {
  const given = isJsonObject(params) ? params["key"] : undefined;
  const key = typeof given === "string" ? given.trim() : "";
  if (keyProblem(key)) throw refused("missing or invalid 'key' parameter");
  return key;
}

/** Text; protocol 3 also numbers, true and false, and null to remove the key. */
function valueOf({ loaded }: Extension, params: unknown): string | number | boolean | null {
  const value: JsonValue | undefined = isJsonObject(params) ? params["value"] : undefined;
  if (typeof value === "string") return value;
  if (isInexact(value))
    throw refused("invalid 'value' parameter: an integer beyond 2^53 loses digits, send it as text");
  if (loaded.protocol >= 3 && (value === null || typeof value === "number" || typeof value === "boolean"))
    return value;
  throw refused("missing or invalid 'value' parameter");
}
