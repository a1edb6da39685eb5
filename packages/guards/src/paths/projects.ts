import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JsonValue } from "@synaps/sdk/protocol";
import { isBelow, resolvePath } from "./path.js";
import { placeOfPath } from "./places.js";

const MARKERS = [".git", ".synaps", ".synaps-project"];
/** The longest path that Linux takes. */
const MAX_BYTES = 4096;
const MAX_LEVELS = 64;
const MAX_KEPT = 256;
/** A repository made or removed meanwhile is seen after this time. */
const KEPT_MS = 5_000;

/** Kinds of folders that are above all projects. */
const SHARED: readonly string[] = ["root", "system", "home", "temp-root"];
/** Images of containers keep their project here, in the middle of the system. */
const SOURCES = "/usr/src";

/** Finds the project that a folder belongs to. One process serves sessions in many projects, so nothing is kept but folders. */
export class Projects {
  readonly #home: string | null;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly root: string | null; readonly untilMs: number }>();

  constructor(home: string | null, now: () => number = () => performance.now()) {
    this.#home = home;
    this.#now = now;
  }

  /**
   * The nearest folder from `folder` upwards that holds one of the markers, below the home folder if `folder` is; else `folder`
   * itself. Null for a folder that no project can be, such as `/`, the home folder and `/tmp`.
   */
  rootOf(folder: string): string | null {
    const now = this.#now();
    const known = this.#kept.get(folder);
    this.#kept.delete(folder);
    const found =
      known !== undefined && now < known.untilMs
        ? known
        : { root: this.#search(folder), untilMs: now + KEPT_MS };
    this.#kept.set(folder, found);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(oldest);
    }
    return found.root;
  }

  #search(folder: string): string | null {
    let path = folder;
    for (let level = 0; level < MAX_LEVELS && !this.#isShared(path); level += 1) {
      if (MARKERS.some((marker) => existsSync(join(path, marker)))) return path;
      path = dirname(path);
    }
    return this.#isShared(folder) ? null : folder;
  }

  /** True for folders above all projects. A repository there, as that of the settings in a home, makes no project of the rest. */
  #isShared(path: string): boolean {
    if (isBelow(path, SOURCES)) return false;
    if (this.#home !== null && (path === this.#home || isBelow(this.#home, path))) return true;
    return SHARED.includes(placeOfPath(path, this.#home));
  }
}

/** The place that an event says its operation comes from. */
export interface Origin {
  /** Absolute, without `.` and `..`; undefined if the event names none that can be used. */
  readonly folder: string | undefined;
  /** True if an agent raised the event: then a relative `dir_path` of the tool's input is part of the folder already. */
  readonly isOfAgent: boolean;
}

/** Reads `data.cwd` and `data.agent`. Undefined for an event that has neither: it comes from the host's own program. */
export function originOf(data: JsonValue): Origin | undefined {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const { cwd = null, agent = null } = data;
  if (cwd === null && agent === null) return undefined;
  return { folder: isUsable(cwd) ? resolvePath(cwd, "/", null) : undefined, isOfAgent: agent !== null };
}

const isUsable = (cwd: JsonValue): cwd is string =>
  typeof cwd === "string" &&
  cwd.startsWith("/") &&
  !cwd.includes("\0") &&
  Buffer.byteLength(cwd) <= MAX_BYTES;
