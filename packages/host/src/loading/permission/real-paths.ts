import { realpathSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** Suffixes that interpreters add to the name of a file or a folder that they are told to run. */
const ADDED = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json", ".node", ".py", ".pyc"];

/** Files that an interpreter runs when it is told to run a folder. */
export const ENTRIES = [
  "package.json",
  "index.js",
  "index.mjs",
  "index.cjs",
  "index.ts",
  "__main__.py",
  "__init__.py",
];

/** The real paths of what a path names: itself, or else what an interpreter makes of it. */
export function realsOf(path: string): string[] {
  const real = realOf(path);
  if (real !== undefined) return [real];
  if (!path.includes(sep)) return [];
  return ADDED.flatMap((suffix) => realOf(path + suffix) ?? []);
}

/** The folders above a path in which Node and its package managers look for packages, nearest first. */
export function packageFolders(path: string): string[] {
  const found: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (isFolder(join(folder, "node_modules"))) found.push(join(folder, "node_modules"));
  return found;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The system's answer: Node's own takes `..` behind a link for the folder of the link. */
export function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
