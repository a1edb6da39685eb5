import { realPath, UnclearPath } from "@synaps/guards/paths";
import { stricter, unclearLinks, type Decision } from "./decide.js";
import type { Settings } from "./settings.js";

/** Paths of one command that are looked up. A command that changes more of them is a question. */
const MAX_PATHS = 1_000;
/** A file system that takes longer hangs. */
const PATIENCE_MS = 1_000;

/**
 * Decides by the names of paths and by where their links lead, and returns the stricter decision. Looks only at paths that a rule
 * asks about, so a command that changes no file costs nothing. `decideIn` decides with the settings that it is given.
 */
export async function decideWithLinks(
  settings: Settings,
  decideIn: (settings: Settings) => Decision,
): Promise<Decision> {
  const asked = new Set<string>();
  const byName = decideIn({
    ...settings,
    follow(path) {
      asked.add(path);
      return path;
    },
  });
  if (byName.verdict === "block" || asked.size === 0) return byName;
  if (asked.size > MAX_PATHS)
    return stricter(byName, unclearLinks(`it changes more than ${MAX_PATHS} files`, settings));
  try {
    const real = await inTime(realPaths([...asked], settings));
    if (real.size === 0) return byName;
    return stricter(byName, decideIn({ ...settings, follow: (path) => real.get(path) ?? path }));
  } catch (error) {
    const why = error instanceof UnclearPath ? error.message : "the links in its paths cannot be followed";
    return stricter(byName, unclearLinks(why, settings));
  }
}

/** Where paths lead that lead elsewhere. A project or a home that is reached by a link keeps its name. */
async function realPaths(
  paths: readonly string[],
  { project, home }: Settings,
): Promise<ReadonlyMap<string, string>> {
  const named = await Promise.all(
    [project, home]
      .filter((folder) => folder !== null)
      .map(async (folder) => [await realPath(folder), folder]),
  );
  const leads = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => {
      const real = await realPath(path);
      const [folder, name] = named.find(([one = ""]) => real === one || real.startsWith(`${one}/`)) ?? [];
      return [path, folder === undefined ? real : `${name}${real.slice(folder.length)}`];
    }),
  );
  return new Map(leads.filter(([path, real]) => path !== real));
}

function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new UnclearPath("the file system does not answer")), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
