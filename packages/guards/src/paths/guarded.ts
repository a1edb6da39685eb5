import { isAgentFile, isHostName } from "./agent-files.js";
import { HOME_HISTORIES, HOME_PUBLIC, HOME_SECRETS, SYSTEM_SECRETS } from "./home-secrets.js";
import { isBelow } from "./path.js";
import { hasSecretName } from "./secret-names.js";

/** Reason for guarding a path: it holds secrets, or it decides what a guard, its host or an agent's hooks do. */
export type GuardedKind = "secret" | "guard";

/** Whose a guarded file is: the host's with its extensions, one named like the host's in a project, or an agent's. */
export type GuardOwner = "host" | "project" | "agent";

/** The folders that guarded paths stand in. All absolute, without `.` and `..`. */
export interface GuardedPlaces {
  readonly home: string | null;
  /** Where the host keeps extensions, configuration and records: `~/.synaps-cli` unless it was told otherwise. */
  readonly base: string | null;
  /** The folder of the guard itself. */
  readonly own: string | null;
}

/**
 * Reason for guarding an absolute path; undefined if it is not guarded. It looks at the name alone: links have to be followed before, `..` and
 * `~` resolved, and nothing is said of what a file holds. A folder that holds guarded files, such as a project with its `.env`,
 * is not guarded itself. Names are compared without regard to case, because some file systems do the same.
 */
export function guardedKind(path: string, places: GuardedPlaces): GuardedKind | undefined {
  if (guardOwner(path, places) !== undefined) return "guard";
  return isSecretPath(path, places.home) && !HISTORIES.test(path) ? "secret" : undefined;
}

/** The owner of a file that decides what a guard, its host or an agent's hooks do; undefined for any other. As `guardedKind`. */
export function guardOwner(path: string, { home, base, own }: GuardedPlaces): GuardOwner | undefined {
  const bases = [base, own, home === null ? null : `${home}/.synaps-cli`];
  if (bases.some((folder) => folder !== null && isAtOrBelow(path, folder))) return "host";
  if (isHostName(path)) return "project";
  return isAgentFile(path) ? "agent" : undefined;
}

/**
 * True for a path that holds secrets by its name or place, also if `guardedKind` calls it `guard` (settings of agents that hold
 * tokens), or a history of typed commands. As `guardedKind`; a folder such as `~/.ssh` counts with all that it holds, but for what everybody may know.
 */
export function isSecretPath(path: string, home: string | null): boolean {
  if (HOME_PUBLIC.test(path)) return false;
  if (SYSTEM_SECRETS.test(path)) return true;
  const low = path.toLowerCase();
  if (hasSecretName(low)) return true;
  if (KEY_FOLDER.test(low)) return true;
  return homesOf(low, home).some((folder) => isHomeSecret(low.slice(folder.length + 1)));
}

/**
 * True for a folder that secrets lie in by name, at any depth, without being one itself: a home folder, `~/.config`, `/etc`. As
 * `guardedKind`; a project is none, whatever it holds.
 */
export function holdsSecrets(folder: string, home: string | null): boolean {
  const low = folder.toLowerCase().replace(/\/$/, "");
  const homes = [home?.toLowerCase(), "/root"].filter((one) => one !== undefined);
  if (WIDE.test(low) || homes.some((one) => one === low || one.startsWith(`${low}/`))) return true;
  return homesOf(low, home).some((one) => {
    const below = `${low.slice(one.length + 1)}/`;
    return HOME_SECRETS.some((entry) => entry.toLowerCase().startsWith(below));
  });
}

/** Folders that keys and tokens are kept in wherever they stand, such as on a disk with a copy of a home. */
const KEY_FOLDER = /\/\.(?:ssh|gnupg|secrets)(?:\/|$)/;
const WIDE =
  /^(?:|\/(?:etc|root|home|users|run|library)|\/(?:home|users)\/[^/]+|\/proc(?:\/[^/]+)?|\/var\/run)$/;

/** The home folders that a path in small letters may be below. */
function homesOf(path: string, home: string | null): string[] {
  const other = /^\/(?:(?:home|users)\/[^/]+|root)(?=\/)/.exec(path)?.[0];
  const own = home?.toLowerCase();
  return [own, other].filter((one) => one !== undefined && path.startsWith(`${one}/`)) as string[];
}

const HISTORIES = /\/(?:\.\w+_history|fish_history)$/i;

/** First parts of the table, so that most paths of a home are told by one look. */
const BY_FIRST_PART = new Map<string, string[]>();
for (const entry of [...HOME_SECRETS, ...HOME_HISTORIES].map((path) => path.toLowerCase())) {
  const [first = ""] = entry.split("/", 1);
  BY_FIRST_PART.set(first, [...(BY_FIRST_PART.get(first) ?? []), entry]);
}

function isHomeSecret(path: string): boolean {
  const entries = BY_FIRST_PART.get(path.split("/", 1)[0] ?? "");
  return entries?.some((entry) => path === entry || path.startsWith(`${entry}/`)) ?? false;
}

function isAtOrBelow(path: string, folder: string): boolean {
  const [low, lowFolder] = [path.toLowerCase(), folder.toLowerCase()];
  return low === lowFolder || isBelow(low, lowFolder);
}
