import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, parse, resolve } from "node:path";
import { homeFolder } from "./base-dir.js";

const MARKERS = [".git", ".synaps-project"];

/** Path of the extensions of a project, inside the project. */
const PROJECT_EXTENSIONS = join(".synaps", "plugins");

/** Finds the nearest project root at or above `from`, as a real path; undefined when there is none. */
export function findProjectRoot(from: string): string | undefined {
  return foldersUp(from).find(isProjectRoot);
}

/**
 * Finds the nearest folder of project extensions at or above `from`, and returns the path directly below `from` when
 * there is none. The search ends at the nearest project root, so that a clone inside another project stays its own
 * project, and before the home folder and the root of the file system, which are no projects.
 */
export function findProjectExtensions(from: string, home = homeFolder()): string {
  const own = join(from, PROJECT_EXTENSIONS);
  if (existsSync(own)) return own;
  const ends = [home === undefined ? undefined : realPath(home), realPath(parse(resolve(from)).root)];
  for (const folder of foldersUp(from)) {
    if (ends.includes(folder)) break;
    const extensions = join(folder, PROJECT_EXTENSIONS);
    if (statSync(extensions, { throwIfNoEntry: false })?.isDirectory()) return extensions;
    if (isProjectRoot(folder)) break;
  }
  return own;
}

function isProjectRoot(folder: string): boolean {
  return MARKERS.some((marker) => existsSync(join(folder, marker)));
}

/** The real path of a folder and of all folders above it, nearest first; empty when there is no such folder. */
function foldersUp(from: string): string[] {
  const folders: string[] = [];
  let folder = realPath(from);
  while (folder !== undefined && folders.at(-1) !== folder) {
    folders.push(folder);
    folder = dirname(folder);
  }
  return folders;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
