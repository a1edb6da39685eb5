import { homedir, userInfo } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { HostError } from "../../errors.js";

/**
 * Returns the absolute path of the base folder: `SYNAPS_BASE_DIR`, or `.synaps-cli` in the home folder. A HOME that is
 * empty or not absolute does not count: the working folder belongs to whoever wrote what lies there. The home folder is
 * then the one that the system knows for the user. Throws a HostError when there is none.
 */
export function defaultBaseDir(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["SYNAPS_BASE_DIR"];
  if (named !== undefined && named !== "") return resolve(named);
  const home = homeFolder();
  if (home !== undefined) return join(home, ".synaps-cli");
  throw new HostError(
    "BASE_DIR_UNKNOWN",
    "There is no folder for extensions and settings: HOME is no absolute path, and the system knows no home of this user",
    { hint: "Set SYNAPS_BASE_DIR, or HOME, to the absolute path of a folder." },
  );
}

/** Returns the absolute path of the user's home folder; undefined for a user who has none. */
export function homeFolder(): string | undefined {
  // `homedir` returns HOME as it stands, and throws for a user whom the system does not know.
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (isAbsolute(home)) return home;
    } catch {
      // The next way is tried.
    }
  }
  return undefined;
}
