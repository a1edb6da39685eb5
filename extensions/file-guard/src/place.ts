import { isAbsolute } from "node:path";
import { originOf, resolvePath, type GuardedPlaces, type Projects, realPath } from "@synaps/guards/paths";
import type { JsonValue } from "@synaps/sdk";
import { isJsonObject } from "@synaps/sdk/protocol";
import { CWD_KEYS, plainKey } from "./input-keys.js";
import { spellingsOf } from "./spellings.js";

/** Stands for a folder that nobody named: relative paths are inside, `..` is not. */
export const SOME_PROJECT = "/?/project";

/** The folders that decide what the paths of one call mean. */
export interface Place extends GuardedPlaces {
  /** The folder that relative paths start in. */
  readonly folder: string;
  /** The project, as it is named and where its links lead; empty where none is known. */
  readonly projects: readonly string[];
  /** The home folder, likewise. */
  readonly homes: readonly string[];
  /** Folders of other extensions beside that of the guard, which the host was told to run. */
  readonly extensions: readonly string[];
}

/** The guard's own folders, with those of the extensions that run beside it. */
export interface OwnPlaces extends GuardedPlaces {
  readonly extensions: readonly string[];
}

/** Finds the place of one call: the folder of its event or input, and the project around it. */
export async function placeOf(
  data: JsonValue,
  input: JsonValue,
  projectRoot: string | null,
  projects: Projects,
  guarded: OwnPlaces,
): Promise<Place> {
  const { home } = guarded;
  const origin = originOf(data);
  const named = origin?.folder ?? (origin === undefined ? projectRoot : null) ?? SOME_PROJECT;
  const folder = startOf(input, named, home);
  const project =
    origin === undefined
      ? projectRoot
      : origin.folder === undefined
        ? SOME_PROJECT
        : projects.rootOf(origin.folder);
  return {
    ...guarded,
    folder,
    projects: await bothOf(project),
    homes: await bothOf(home),
  };
}

/** A tool may be told the folder that its other paths start in. */
function startOf(input: JsonValue, folder: string, home: string | null): string {
  if (!isJsonObject(input)) return folder;
  for (const [name, value] of Object.entries(input)) {
    if (!CWD_KEYS.has(plainKey(name)) || typeof value !== "string" || value === "") continue;
    const [first] = spellingsOf(value, folder, home);
    return first ?? (isAbsolute(value) ? resolvePath(value, "/", home) : folder);
  }
  return folder;
}

async function bothOf(path: string | null): Promise<string[]> {
  if (path === null) return [];
  return [...new Set([path, await realPath(path)])];
}
