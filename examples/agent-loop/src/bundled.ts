import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BUNDLED = fileURLToPath(new URL("../../../extensions/", import.meta.url));
const OWN = fileURLToPath(new URL("../extensions/", import.meta.url));

const NAMES = ["audit-log", "secret-redactor", "session-clock", "shell-guard"];

/** An extension that cannot take part, and why. */
export interface Skipped {
  id: string;
  why: string;
}

/** The folders to load: the bundled extensions as far as they are built, and this example's own. */
export function findExtensions(): { folders: string[]; skipped: Skipped[] } {
  const folders = [join(OWN, "path-keeper")];
  const skipped: Skipped[] = [];
  for (const id of NAMES) {
    const folder = join(BUNDLED, id);
    const why = missing(folder);
    if (why === undefined) folders.push(folder);
    else skipped.push({ id, why });
  }
  return { folders, skipped };
}

function missing(folder: string): string | undefined {
  if (!existsSync(join(folder, ".synaps-plugin", "plugin.json"))) return `there is no extension at ${folder}`;
  const isBuilt = existsSync(join(folder, "dist", "main.js")) || existsSync(join(folder, "main.py"));
  return isBuilt ? undefined : "it is not built: run `npm run build`";
}
