import { existsSync, lstatSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { HostError, messageOf, systemCode } from "../../errors.js";

/** A folder that may hold an extension. Its manifest was not read yet. */
export interface Candidate {
  /** Name of the folder. */
  id: string;
  root: string;
  manifestPath: string;
  origin: Origin;
  /** The reason for which the folder or its manifest cannot be looked into. */
  problem?: string;
}

/** Origin of a candidate, which decides about the consent that a start needs. */
export type Origin = "named" | "user" | "project";

/** Path of the manifest inside an extension. */
export const MANIFEST_FOLDER = ".synaps-plugin";
export const MANIFEST_FILE = "plugin.json";

const INERT_SUFFIXES = [".backup", ".update-backup", ".bak", ".disabled", ".old", ".orig", ".tmp", ".temp"];

/** True for names of copies that people and updaters keep: such a folder is no candidate. */
export function isInert(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.includes(".backup.") || INERT_SUFFIXES.some((suffix) => lower.endsWith(suffix));
}

/**
 * Finds the candidates of one folder, sorted by name byte for byte. A named folder that is itself an extension yields
 * itself; the user's and the project's folder never do. `optional` folders may be absent. Folders without a manifest are
 * skipped; what cannot be looked into is a candidate with a `problem`, because a guard may stand there.
 */
export async function discover(folder: string, origin: Origin, optional: boolean): Promise<Candidate[]> {
  const root = resolve(folder);
  if (origin === "named" && existsSync(manifestPathOf(root))) return [candidate(root, origin)];
  const names = (await listFolders(root, optional)).filter((name) => !isInert(name));
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return names.flatMap((name) => lookInto(candidate(join(root, name), origin)));
}

/** The candidate if it has a manifest, with its problem if that cannot be told. */
function lookInto(found: Candidate): Candidate[] {
  const { root, manifestPath } = found;
  for (const path of [root, join(root, MANIFEST_FOLDER), manifestPath]) {
    try {
      const stats = statSync(path);
      if (path !== manifestPath && !stats.isDirectory()) return [];
    } catch (error) {
      const isAbsent = systemCode(error) === "ENOENT";
      if (isAbsent && !isLink(path)) return [];
      const why = isAbsent ? "its link leads nowhere" : whyNot(error);
      return [{ ...found, problem: `'${path}' cannot be looked into: ${why}` }];
    }
  }
  return [found];
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

export function manifestPathOf(root: string): string {
  return join(root, MANIFEST_FOLDER, MANIFEST_FILE);
}

export function candidate(root: string, origin: Origin): Candidate {
  return { id: basename(root), root, manifestPath: manifestPathOf(root), origin };
}

async function listFolders(root: string, optional: boolean): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  } catch (error) {
    if (optional && systemCode(error) === "ENOENT") return [];
    throw new HostError(
      "FOLDER_NOT_FOUND",
      `The extensions folder '${root}' cannot be read: ${whyNot(error)}`,
      {
        hint: optional
          ? "Correct what stands there, or name another base folder in SYNAPS_BASE_DIR."
          : "Name an existing folder that holds extensions, or one extension.",
        cause: error,
      },
    );
  }
}

function whyNot(error: unknown): string {
  switch (systemCode(error)) {
    case "ENOENT":
      return "it does not exist";
    case "ELOOP":
      return "its links lead in a circle";
    case "ENOTDIR":
      return "it is not a folder";
    case "EACCES":
      return "you may not read it";
    default:
      return messageOf(error);
  }
}
