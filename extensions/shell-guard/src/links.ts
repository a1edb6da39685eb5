import { realPath, UnclearPath } from "@synaps/guards/paths";
import { stricter, unclearLinks, type Decision } from "./decide.js";
import type { Settings } from "./settings.js";

/** Paths of one command that are looked up. A command that changes more of them is a question. */
const MAX_PATHS = 1_000;
/** A file system that takes longer hangs: so many turns of so many milliseconds, because a busy process is none. */
const PATIENCE_TURNS = 10;
const TURN_MS = 100;

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

/**
 * Where paths lead that lead elsewhere. A project, a home and the folders of the host that are reached by a link keep their names,
 * so that a path to where they really stand counts as one to them.
 */
async function realPaths(
  paths: readonly string[],
  { project, home, base = null, own = null }: Settings,
): Promise<ReadonlyMap<string, string>> {
  const host = home === null ? null : `${home}/.synaps-cli`;
  const named = await Promise.all(
    [own, base, host, project, home]
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
    let turns = 0;
    timer = setInterval(() => {
      turns += 1;
      if (turns >= PATIENCE_TURNS) reject(new UnclearPath("the file system does not answer"));
    }, TURN_MS);
  });
  return Promise.race([work, late]).finally(() => clearInterval(timer));
}
