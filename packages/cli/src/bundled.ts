import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { discoverExtensions } from "@synaps/host/tooling";

/** Folders of the extensions that come along: inside the published package, or beside the packages of a clone. */
const PLACES = ["../extensions", "../../../extensions"];

/** The extensions that come with the command, by name. */
export async function bundledExtensions(): Promise<Map<string, string>> {
  const folder = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) =>
    existsSync(join(path, "shell-guard", ".synaps-plugin")),
  );
  const found = folder === undefined ? [] : await discoverExtensions(folder, "named", true);
  return new Map(found.map(({ id, root }) => [id, root]));
}
