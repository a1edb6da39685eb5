import { realpath, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HostError, messageOf } from "../../errors.js";
import { replacePrivateFile } from "../records/private-file.js";
import { parseConfigText, readOwnText } from "./config-file.js";
import { withKey } from "./edit.js";

/** Size that a write may give a configuration file: far above what people write, and read again in a few milliseconds. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** Keys that a write may give a configuration file. */
export const MAX_CONFIG_KEYS = 1_024;

let written = 0;

/** Report about a file that was not text. */
export interface WriteReport {
  /** New path of an old file that was not text; the values in the old file are out of use. */
  keptAside: string | undefined;
}

/**
 * Sets a key of a configuration file, or removes the key (`undefined`). A reader sees the old file or the new file, never
 * a mixture. All other lines stay; a file that is not text is renamed, never overwritten. Throws a HostError when the
 * file cannot be read or written. Of two writes at the same time, the later may undo the earlier.
 * Sets a key of a configuration file, or removes it (`undefined`). Whoever reads it meanwhile sees the old file or
 * the new one. Everything else in it stays; a file that is not text is kept aside, never overwritten. Throws a
 * HostError when it cannot be read or written, or would grow beyond the bounds above. Two at the same time: the later one may undo the earlier one.
 */
export async function writeConfigValue(
  path: string,
  key: string,
  value: string | undefined,
): Promise<WriteReport> {
  const before = await readOwnText(path);
  const after = withKey(before ?? "", key, value);
  if (after === before) return { keptAside: undefined };
  if (after.length > (before?.length ?? 0)) checkSize(path, after);
  try {
    const keptAside = before === undefined ? await keepAside(path) : undefined;
    const target = keptAside === undefined ? await realpath(path).catch(() => path) : path;
    written += 1;
    // A rename works within one folder only. The hash of the extension's code passes over files of this name.
    const temporary = join(dirname(target), `.config-${process.pid}-${written}.tmp`);
    await replacePrivateFile(target, after, temporary);
    return { keptAside };
  } catch (error) {
    const message = `The configuration file '${path}' cannot be written: ${messageOf(error)}`;
    throw new HostError("CONFIG_NOT_WRITTEN", message, {
      hint: "Check its rights and the room on the disk.",
      cause: error,
    });
  }
}

function checkSize(path: string, text: string): void {
  const fits = Buffer.byteLength(text) <= MAX_CONFIG_BYTES && parseConfigText(text).size <= MAX_CONFIG_KEYS;
  if (fits) return;
  throw new HostError("CONFIG_INVALID", `The configuration file '${path}' has no room for another value`, {
    hint: `A file may have ${MAX_CONFIG_KEYS} keys and ${MAX_CONFIG_BYTES} bytes: remove values first.`,
    data: { field: "value" },
  });
}

/** Renames the file to the first free name, so that no earlier copy is lost. */
async function keepAside(path: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const aside = `${path}.unreadable${n === 1 ? "" : `-${n}`}`;
    if (await exists(aside)) continue;
    await rename(path, aside);
    return aside;
  }
}

function exists(path: string): Promise<boolean> {
  return realpath(path).then(
    () => true,
    () => false,
  );
}
