import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../extensions/", import.meta.url));

/** The folder of an extension that comes with this repository. Throws where it is not there, or not built. */
export function bundled(name: string): string {
  const folder = join(FOLDER, name);
  if (!existsSync(join(folder, ".synaps-plugin", "plugin.json")))
    throw new Error(`There is no extension '${name}' at ${folder}.`);
  if (!existsSync(join(folder, "dist", "main.js")) && !existsSync(join(folder, "main.py")))
    throw new Error(`The extension '${name}' is not built: run \`npm run build\`.`);
  return folder;
}
