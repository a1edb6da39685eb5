import { realpath, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HostError, messageOf } from "../../errors.js";
import { replacePrivateFile } from "../records/private-file.js";
import { readOwnText } from "./config-file.js";
import { withKey } from "./edit.js";

let written = 0;

/** What happened to a file that could not be understood. */
export interface WriteReport {
  /** Where the old file is now, when it was not text; its values are out of use. */
  keptAside: string | undefined;
}

/**
 * Sets a key of a configuration file, or removes it (`undefined`). Whoever reads it meanwhile sees the old file or
 * the new one. Everything else in it stays; a file that is not text is kept aside, never overwritten. Throws a
 * HostError when it cannot be read or written. Two at the same time: the later one may undo the earlier one.
 */
export async function writeConfigValue(
  path: string,
  key: string,
  value: string | undefined,
): Promise<WriteReport> {
  const before = await readOwnText(path);
  const after = withKey(before ?? "", key, value);
  if (after === before) return { keptAside: undefined };
  try {
    const keptAside = before === undefined ? await keepAside(path) : undefined;
    const target = keptAside === undefined ? await realpath(path).catch(() => path) : path;
    written += 1;
    // Beside the file, so that it can take its place; by a name that is not taken for the extension's code.
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

/** Renames the file to the first free name; one that was kept earlier is not lost for it. */
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
