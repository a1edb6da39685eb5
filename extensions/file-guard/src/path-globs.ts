import { globMatches } from "@synaps/sdk/protocol";
import { resolvePath } from "@synaps/guards/paths";
import { changes, type Operation } from "./model.js";

/** A glob of the configuration. */
export interface PathGlob {
  /** As it stands there. */
  readonly source: string;
  /** Undefined for both. */
  readonly only: "read" | "write" | undefined;
  readonly glob: string;
}

const MAX_ENTRIES = 200;
const MAX_CHARS = 1_000;

/** Reads `~/notes/**; read:.env.local`. Entries that cannot be meant are left out and named in `problems`. */
export function parseGlobs(key: string, text: string | undefined, problems: string[]): PathGlob[] {
  const globs: PathGlob[] = [];
  for (const source of (text ?? "").split(";").map((part) => part.trim())) {
    if (source === "") continue;
    const [, prefix, rest] = /^([a-z]+):(.*)$/s.exec(source) ?? [];
    const glob = (rest ?? source).trim();
    const shown = JSON.stringify(source.slice(0, 60));
    if (prefix !== undefined && prefix !== "read" && prefix !== "write")
      problems.push(
        `config key '${key}': ${shown} begins with '${prefix}:', and only 'read:' and 'write:' are known`,
      );
    else if (glob === "" || glob.length > MAX_CHARS || glob.includes("\0"))
      problems.push(`config key '${key}': ${shown} is no path`);
    else if (globs.length >= MAX_ENTRIES) {
      problems.push(`config key '${key}' has more than ${MAX_ENTRIES} entries; the others are left out`);
      break;
    } else globs.push({ source, only: prefix, glob });
  }
  return globs;
}

/** The folders that globs start in. */
export interface GlobPlace {
  readonly folder: string;
  readonly projects: readonly string[];
  readonly home: string | null;
}

/**
 * The first glob that fits an operation on a path. `*` and `?` stay within one part, `**` stands for any number of parts; a glob
 * without signs at its end means a folder with all that it holds, and one without a slash a name at any depth. With `loose`, capital
 * letters make no difference. Takes a time linear in path and glob.
 */
export function findGlob(
  globs: readonly PathGlob[],
  operation: Operation,
  path: string,
  place: GlobPlace,
  loose: boolean,
): PathGlob | undefined {
  return globs.find((entry) => {
    if (entry.only !== undefined && (entry.only === "write") !== changes(operation)) return false;
    const starts = place.projects.length > 0 ? place.projects : [place.folder];
    return starts.some((start) => fits(entry.glob, path, start, place.home, loose));
  });
}

function fits(glob: string, path: string, start: string, home: string | null, loose: boolean): boolean {
  const full = glob.includes("/") || glob === "~" ? resolvePath(glob, start, home) : `${start}/**/${glob}`;
  const [pattern, text] = loose ? [full.toLowerCase(), path.toLowerCase()] : [full, path];
  const parts = text.split("/");
  const wanted = pattern.split("/");
  return matchParts(wanted, parts) || matchParts([...wanted, "**"], parts);
}

/** As `globMatches`, for parts in the place of characters. */
function matchParts(wanted: readonly string[], parts: readonly string[]): boolean {
  let w = 0;
  let star = -1;
  let resume = 0;
  for (let p = 0; p < parts.length;) {
    if (wanted[w] === "**") {
      star = w;
      resume = p;
      w += 1;
    } else if (wanted[w] !== undefined && globMatches(wanted[w] ?? "", parts[p] ?? "")) {
      w += 1;
      p += 1;
    } else if (star !== -1) {
      w = star + 1;
      resume += 1;
      p = resume;
    } else return false;
  }
  while (wanted[w] === "**") w += 1;
  return w === wanted.length;
}
