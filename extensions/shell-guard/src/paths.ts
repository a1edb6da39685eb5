import { basename, dirname, join } from "node:path";
import {
  guardedKind,
  isBelow,
  isHomeFolder,
  placeOfPath,
  resolvePath,
  SHARED,
  TEMP,
  WHOLE_SYSTEM,
  type GuardedKind,
} from "@synaps/guards/paths";
import { classifyGitPath } from "./git-files.js";
import type { Field } from "./model.js";
import { lastKept } from "./remembered.js";

/** How much would be lost with a path, from everything to nothing of note. */
export type PathClass =
  | "root"
  | "system"
  | "home"
  | "protected"
  | "project"
  | "git"
  | "git-state"
  | "outside"
  | "unknown"
  | "temp-root"
  | "inside"
  | "temp"
  | "cache";

/** The folders that decide what a path means. A null is unknown. */
export interface Place {
  readonly project: string | null;
  readonly home: string | null;
  readonly protectedPaths: readonly string[];
  /** Where the host keeps extensions and configuration, if not in `~/.synaps-cli`. */
  readonly base?: string | null;
  /** The folder of the guard itself. */
  readonly own?: string | null;
  /** Where an absolute path leads once links are followed; the path itself if it leads nowhere else or nobody looked. */
  readonly follow?: (path: string) => string;
}

/** Reason for guarding an absolute path, by its name or by where it leads: a file of the guard, its host or an agent's hooks, or a secret. */
export function guardedKindOf(path: string, place: Place): GuardedKind | undefined {
  const named = kindOf(path, place);
  const real = follow(path, place);
  if (named === "guard" || real === path) return named;
  const led = kindOf(real, place);
  return led === "guard" ? led : (named ?? led);
}

/** Answers of one place that are kept, and characters of a path: several rules ask about the same ones. */
const MAX_KINDS = 1_000;
const MAX_PATH = 4_096;
const kindsOf = lastKept<Place, Map<string, GuardedKind | null>>(() => new Map());

function kindOf(path: string, place: Place): GuardedKind | undefined {
  const kept = kindsOf(place);
  const before = kept.get(path);
  if (before !== undefined) return before ?? undefined;
  const kind = guardedKind(path, { home: place.home, base: place.base ?? null, own: place.own ?? null });
  if (kept.size < MAX_KINDS && path.length <= MAX_PATH) kept.set(path, kind ?? null);
  return kind;
}

/** Stands for a project folder that nobody named: relative paths are inside, `..` is not. */
export const SOME_PROJECT = "/?/project";
/** Stands for a folder that the script changed to and that nobody can tell. */
export const SOMEWHERE = "/?/somewhere";

const ONLY_GLOB = /^(?:[*.?]*\*[*.?]*|\?+|\{\*,\.\*\})$/;

/** The cost of deleting (or moving away) a path with all its contents. `isWritten`: it is written to, so a link leads on. */
export function classifyPath(field: Field, cwd: string, place: Place, isWritten = false): PathClass {
  const home = place.home;
  // An empty word is no path: nothing is deleted, and the program says so.
  if (field.text === "") return "inside";
  if (field.dynamic && /^(?:\$|`)/.test(field.text)) return classifyUnknown(field.text);
  if (/^~[^/]/.test(field.text)) return "home";
  const full = resolvePath(
    field.text.replace(/\\+/g, "/").replace(/^[A-Za-z]:\//, "/"),
    resolvePath(cwd, "/", home),
    home,
  );
  const parts = full
    .split("/")
    .slice(1)
    .filter((part) => part !== "");
  const given = parts.length;
  while (parts.length > 0 && ONLY_GLOB.test(parts[parts.length - 1] ?? "")) parts.pop();
  const path = `/${parts.join("/")}`;
  // Of a link alone the link goes; of what is in it, the place that it leads to.
  const isInside = isWritten || parts.length < given || /\/\.?$/.test(field.text);
  const real = isInside ? follow(path, place) : join(follow(dirname(path), place), basename(path));
  const named = classOf(path, place);
  if (real === path) return named;
  const led = classOf(real, place);
  return byLoss(led, named) < 0 ? led : named;
}

const follow = (path: string, place: Place): string => place.follow?.(path) ?? path;

function classOf(path: string, place: Place): PathClass {
  const parts = path.split("/").filter((part) => part !== "");
  const kind = classifyNamed(path, place) ?? classifyAbsolute(path, parts, place.home);
  return WORST.includes(kind) || !isGuarded(path, place) ? kind : "protected";
}

/** The worst first, by what a loss would cost. */
const ORDER: readonly PathClass[] = [
  "root",
  "system",
  "home",
  "protected",
  "project",
  "git",
  "outside",
  "unknown",
  "git-state",
  "temp-root",
  "inside",
  "cache",
  "temp",
];

/** Sorts the worst to the front. */
export const byLoss = (left: PathClass, right: PathClass): number =>
  ORDER.indexOf(left) - ORDER.indexOf(right);

/** Blocked anyway, and with a better reason. */
const WORST: readonly PathClass[] = ["root", "system", "home", "project", "git"];

/** Whether a path is, is in, or holds one that the configuration protects. */
function isGuarded(path: string, place: Place): boolean {
  if (place.protectedPaths.length === 0) return false;
  const guarded = place.protectedPaths.map((entry) =>
    resolvePath(entry, place.project ?? SOME_PROJECT, place.home),
  );
  return guarded.some((entry) => path === entry || isBelow(path, entry) || isBelow(entry, path));
}

function classifyNamed(path: string, place: Place): PathClass | undefined {
  const project = place.project ?? SOME_PROJECT;
  if (path === "/") return "root";
  if (path === SOMEWHERE) return "unknown";
  if (isBelow(path, SOMEWHERE)) return "inside";
  const inGit = /^(.*?)\/\.git(?:\/(.*))?$/.exec(path);
  if (inGit && (isBelow(path, project) || placeOfPath(path, place.home) !== "temp"))
    return classifyGitPath(inGit[2] ?? "", isOwnHistory(inGit[1] ?? "", project));
  if (isBelow(path, project) || isBelow(path, SOME_PROJECT)) return "inside";
  if (path === project || path === SOME_PROJECT) return "project";
  const { home } = place;
  const isHome = home !== null && (path === home || isBelow(path, home));
  // A home in /tmp, as containers and tests have it, is still a home; /tmp itself as a home stays scratch space.
  if (isHome && TEMP.some((folder) => isBelow(home, folder)) && !isBelow(project, path)) return undefined;
  const temp = TEMP.find((folder) => path === folder || isBelow(path, folder));
  // A project in /tmp is still a project: its parent is not scratch space.
  if (isBelow(project, path))
    return temp ? "temp-root" : path.split("/").length > 2 ? homeOr(path, place.home) : "system";
  return temp ? (path === temp ? "temp-root" : "temp") : undefined;
}

/** A repository that was cloned into the project can be cloned again; its own cannot, nor can what stands elsewhere. */
const isOwnHistory = (folder: string, project: string): boolean => !isBelow(folder, project);

const homeOr = (path: string, home: string | null): PathClass =>
  isHomeFolder(path, home) ? "home" : "outside";

function classifyAbsolute(path: string, parts: readonly string[], home: string | null): PathClass {
  const [top = ""] = parts;
  if (/[*?[$]/.test(top)) return parts.length === 1 ? "system" : "outside";
  return placeOfPath(path, home);
}

/** `$X` and `$X/` may be anything. `$X/name` is taken as meant, unless an empty X would hit the system. */
function classifyUnknown(text: string): PathClass {
  const rest = text.replace(/^(?:\$\{[^}]*\}|\$\(.*\)|`.*`|\$\w+|\$.)+/s, "");
  const [top = ""] = rest.split("/").filter((part) => part !== "" && !ONLY_GLOB.test(part));
  return top === "" || /^[*?[$]/.test(top) || [...WHOLE_SYSTEM, ...SHARED].includes(top)
    ? "unknown"
    : "inside";
}
