import { HostError } from "../../errors.js";
import { keepAside } from "../records/keep-aside.js";
import { changeFile } from "../records/change-file.js";
import type { FileWords } from "../records/refusal.js";
import { extensionConfigPath, parseConfigText, textOf } from "./config-file.js";
import { withKey } from "./edit.js";

/** Size that a write may give a configuration file: far above what people write, and read again in a few milliseconds. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** Keys that a write may give a configuration file. */
export const MAX_CONFIG_KEYS = 1_024;

export const CONFIG_WORDS: FileWords = { code: "CONFIG_NOT_WRITTEN", what: "The configuration file" };

/** Report about a file that was not text. */
export interface WriteReport {
  /** New path of an old file that was not text; the values in the old file are out of use. */
  keptAside: string | undefined;
}

/**
 * Sets a key in the configuration file of an extension, or removes the key (`undefined`), as `changeFile` changes any
 * file: a reader sees the old file or the new file, and no program undoes another's change. All other lines stay; a file
 * that is not text is renamed, never overwritten. Throws a HostError when the file cannot be read or written, or would
 * grow beyond the bounds above.
 */
export async function writeConfigValue(
  baseDir: string,
  id: string,
  key: string,
  value: string | undefined,
): Promise<WriteReport> {
  const path = extensionConfigPath(baseDir, id);
  let keptAside: string | undefined;
  await changeFile({ baseDir, path, words: CONFIG_WORDS }, async (bytes, target) => {
    const before = bytes === undefined ? "" : textOf(bytes);
    const after = withinBounds(path, before, withKey(before ?? "", key, value));
    if (before === undefined) keptAside = await keepAside(target);
    return after === before ? undefined : after;
  });
  return { keptAside };
}

/** Returns the text. Throws a HostError for a text that grew beyond the bounds of a configuration file. */
export function withinBounds(path: string, before: string | undefined, text: string): string {
  if (text.length <= (before?.length ?? 0)) return text;
  const fits = Buffer.byteLength(text) <= MAX_CONFIG_BYTES && parseConfigText(text).size <= MAX_CONFIG_KEYS;
  if (fits) return text;
  throw new HostError("CONFIG_INVALID", `The configuration file '${path}' has no room for another value`, {
    hint: `A file may have ${MAX_CONFIG_KEYS} keys and ${MAX_CONFIG_BYTES} bytes: remove values first.`,
    data: { field: "value" },
  });
}
