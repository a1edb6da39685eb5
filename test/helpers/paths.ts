import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** Absolute path of something in the repository. */
export function repo(path: string): string {
  return fileURLToPath(new URL(path, root));
}

export const CLI = repo("packages/cli/bin/synaps-ext.js");
export const FIXTURES = repo("test/fixtures/extensions");
export const EXTENSIONS = repo("extensions");
