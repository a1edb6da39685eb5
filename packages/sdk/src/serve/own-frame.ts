import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Longest place that is told: a path in the extension's folder and a line. */
const MAX_LENGTH = 200;

/** Place of a stack frame: a path or a file URL, and its line. */
const PLACE = /^\s+at (?:.*\()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*):(\d+):\d+\)?$/;

/**
 * The first frame of a stack that lies in the extension's own folder, as `main.mjs:12`. Undefined when there is none.
 * Frames of packages in `node_modules` do not count, and no path outside of the folder is ever told.
 */
export function ownFrame(stack: string | undefined, folder: string): string | undefined {
  for (const line of (stack ?? "").split("\n")) {
    const [, place, number] = PLACE.exec(line) ?? [];
    const path = place === undefined ? undefined : pathOf(place);
    if (path === undefined) continue;
    const own = relative(folder, path);
    if (own === "" || isAbsolute(own)) continue;
    const parts = own.split(sep);
    if (parts[0] === ".." || parts.includes("node_modules")) continue;
    return `${parts.join("/").slice(0, MAX_LENGTH)}:${number}`;
  }
  return undefined;
}

function pathOf(place: string): string | undefined {
  if (!place.startsWith("file://")) return place;
  try {
    return fileURLToPath(place);
  } catch {
    return undefined;
  }
}
