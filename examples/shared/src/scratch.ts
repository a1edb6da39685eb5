import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Everything that an example writes, below one temporary folder. */
export interface Scratch {
  root: string;
  /** The host's base folder, so that the user's own extensions and settings play no part. */
  base: string;
  /** Safe to call more than once. */
  remove(): void;
}

/** Makes the folder of the example with this name. */
export function createScratch(name: string): Scratch {
  // Without symbolic links, so that paths compare.
  const root = realpathSync(mkdtempSync(join(tmpdir(), `synaps-${name}-`)));
  const base = join(root, "base");
  mkdirSync(base);
  return { root, base, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }) };
}
