import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

const MARKERS = [".git", ".synaps-project"];

/** Finds the nearest project root at or above `from`, as a real path; undefined when there is none. */
export function findProjectRoot(from: string): string | undefined {
  let folder: string;
  try {
    folder = realpathSync(from);
  } catch {
    return undefined;
  }
  for (;;) {
    if (MARKERS.some((marker) => existsSync(join(folder, marker)))) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
