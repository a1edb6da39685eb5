import { join } from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import { MalformedFile } from "../records/change-file.js";
import { PrivateJson } from "../records/private-file.js";
import type { FileWords } from "../records/refusal.js";

const WORDS: FileWords = { code: "SETUP_NOT_RECORDED", what: "The record of installed plugins" };

/**
 * Notes in the ecosystem's `<base>/plugins.json` that an extension's setup failed, or removes such a note. The file is
 * shared with other programs: its other members stay as they are. Throws a HostError, and writes nothing, when the file
 * is no such record. A setup that did not fail makes no entry.
 */
export async function noteSetup(baseDir: string, id: string, failed: boolean): Promise<void> {
  const path = join(baseDir, "plugins.json");
  const file = new PrivateJson<JsonObject>({ baseDir, path, words: WORDS }, (value) => {
    if (isJsonObject(value) && Array.isArray(value["installed"] ?? [])) return value;
    throw new TypeError("'installed' is no list");
  });
  try {
    await file.update((state = {}) => {
      const installed = (state["installed"] ?? []) as JsonValue[];
      const at = installed.findIndex((one) => isJsonObject(one) && one["name"] === id);
      const entry = installed[at];
      if (!failed && !(isJsonObject(entry) && "setup_status" in entry)) return undefined;
      const { setup_status: _, ...rest } = isJsonObject(entry) ? entry : { name: id };
      const next: JsonObject = failed ? { ...rest, setup_status: "failed" } : rest;
      return { ...state, installed: at === -1 ? [...installed, next] : installed.with(at, next) };
    });
  } catch (error) {
    if (!(error instanceof MalformedFile)) throw error;
    const message = `${WORDS.what} '${path}' was not changed: it is no list of plugins`;
    const hint = "Correct it or move it away, and run the setup again.";
    throw new HostError(WORDS.code, message, { hint, cause: error });
  }
}
