import { basename, resolve } from "node:path";
import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { HostError, systemCode } from "../../errors.js";
import { errorDiagnostic } from "../manifest/diagnostic.js";
import { manifestPathOf, type Origin } from "../manifest/discover.js";
import { readRegularFile } from "../regular-file.js";
import type { InventoryEntry } from "./inventory.js";

/** Names that can stand for an extension: a name is a folder's name, and a stranger wrote this one. */
const PLAIN_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u;

/**
 * Returns an entry that cannot run for an extension whose content was copied into the user's or the project's folder of
 * extensions itself, and undefined when there is no manifest.
 */
export async function misplacedIn(folder: string, origin: Origin): Promise<InventoryEntry | undefined> {
  const root = resolve(folder);
  const manifestPath = manifestPathOf(root);
  let name: string | undefined;
  try {
    name = nameIn(JSON.parse((await readRegularFile(manifestPath)).toString("utf8")) as JsonValue);
  } catch (error) {
    // A manifest that cannot be read is still a manifest in the wrong place.
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  }
  const [id, what] = name === undefined ? [basename(root), "an extension"] : [name, `extension '${name}'`];
  const misplaced = new HostError(
    "MANIFEST_MISPLACED",
    `The content of ${what} was copied into '${root}' itself: each extension there is a folder of its own, and this one does not run`,
    {
      hint: `Copy the folder, not its content, to '${root}/${name ?? "<name>"}', and remove what was copied here, '.synaps-plugin' first.`,
    },
  );
  return {
    id,
    root,
    manifestPath,
    origin,
    status: "invalid",
    extension: undefined,
    diagnostics: [errorDiagnostic(id, manifestPath, misplaced)],
  };
}

function nameIn(manifest: JsonValue): string | undefined {
  const name = isJsonObject(manifest) ? manifest["name"] : undefined;
  return typeof name === "string" && PLAIN_NAME.test(name) ? name : undefined;
}
