import { bundledExtensions } from "./bundled.js";
import { baseDirFlag } from "./hosts.js";
import { placesOf, type PlaceFlags } from "./places.js";
import { plain } from "./text.js";

/** Says where no extension was found, and how to get one. */
export async function firstSteps(flags: PlaceFlags): Promise<string> {
  const { folders, baseDir } = placesOf(flags);
  const empty = `No extensions found in: ${folders.map(plain).join(", ")}\n`;
  if (flags.extensionsDir) return `${empty}An extension is a folder that holds .synaps-plugin/plugin.json.\n`;
  const flag = plain(baseDirFlag(baseDir));
  const names = [...(await bundledExtensions()).keys(), "./my-extension"];
  return [
    empty,
    "To begin, install one that comes along, or a folder of your own:\n",
    ...names.map((name) => `  synaps-ext install ${name}${flag}\n`),
    `Then: synaps-ext list${flag}\n`,
  ].join("");
}
