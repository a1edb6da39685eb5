import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

const MARKERS = [".git", ".synaps-project"];

/** The nearest folder at or above `from` that is a project's root, without symbolic links; undefined when none is. */
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
