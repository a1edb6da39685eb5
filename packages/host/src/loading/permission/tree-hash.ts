import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Names of files and folders that host and extension write at run time: no code, so that they need no new approval. */
export const NOT_CODE: ReadonlySet<string> = new Set([
  "config",
  "data",
  "cache",
  ".cache",
  "logs",
  "__pycache__",
  ".git",
  ".DS_Store",
]);

/** Other forms of the configuration file: a file that is being written, and a kept file that was no text. */
const CONFIG_FILE = /^(\.config-\d+-\d+\.tmp|config\.unreadable(-\d+)?)$/;

/**
 * Hashes all code in an extension's folder: names and contents of its files, targets of its symbolic links.
 * The names of `NOT_CODE` are left out at the top of the folder, and `__pycache__` everywhere.
 */
export async function hashTree(root: string): Promise<string> {
  const hash = createHash("sha256");
  await addFolder(hash, root, "");
  return `sha256:${hash.digest("hex")}`;
}

/** True for a name at the top of an extension's folder that no approval covers. */
export function isNotCode(name: string): boolean {
  return NOT_CODE.has(name) || CONFIG_FILE.test(name);
}

async function addFolder(hash: Hash, root: string, folder: string): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  for (const entry of entries) {
    const { name } = entry;
    if (name === "__pycache__" || (folder === "" && isNotCode(name))) continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    if (entry.isDirectory()) {
      await addFolder(hash, root, path);
    } else if (entry.isSymbolicLink()) {
      hash.update(`link\0${path}\0${await readlink(join(root, path))}\0`);
    } else if (entry.isFile()) {
      // A hash of the content keeps a content from passing for a name.
      const content = createHash("sha256");
      await pipeline(createReadStream(join(root, path)), content);
      hash.update(`file\0${path}\0${content.digest("hex")}\0`);
    }
  }
}
