import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { statOf } from "../stat.js";
import { Coverer, digestOf, type Coverage } from "../consent/coverage.js";
import { FileHashes } from "../consent/file-hashes.js";
import { pluginData, type Places } from "../run/places.js";
import type { Definition, Parsed } from "./handler.js";
import { parse } from "./parse.js";

/** Size of a configuration that can be shown as a whole before somebody says yes. */
const MAX_FILE_BYTES = 96 * 1024;

/** One place of the key `files`, as it stands for the project of an event. */
export interface Source {
  readonly path: string;
  readonly places: Places;
  /** The agent that runs this file by itself; null if none is known. */
  readonly owner: string | null;
  readonly state: "absent" | "broken" | "off" | "read";
  /** The reason of `broken`. */
  readonly problem?: string;
  readonly definition: Definition;
  /** By handler. */
  readonly coverages: readonly Coverage[];
  /** Present for `read`. */
  readonly digest?: string;
}

const NOTHING: Definition = { handlers: [], isOff: false, notes: [] };

/** Reads the configurations that the key `files` names, again whenever one changed. */
export class Sources {
  readonly #home: string;
  readonly #root: string;
  readonly #coverer: Coverer;
  readonly #parsed = new Map<string, { stamp: string; parsed: Parsed }>();

  constructor(home: string, root: string) {
    this.#home = home;
    this.#root = root;
    this.#coverer = new Coverer(new FileHashes(), home);
  }

  /** The configurations for a project, in the order of the key; each file once. */
  read(files: readonly string[], projectDir: string): Source[] {
    const found = new Map<string, Source>();
    for (const entry of files) {
      const source = this.#source(this.#pathOf(entry, projectDir), projectDir);
      if (!found.has(source.path)) found.set(source.path, isOptional(entry) ? source : wanted(source));
    }
    return [...found.values()];
  }

  /** The files that a handler names from this folder which its approval does not cover; empty if it may run there. */
  uncovered(source: Source, index: number, cwd: string): string[] {
    const handler = source.definition.handlers[index];
    if (handler === undefined || cwd === source.places.projectDir) return [];
    const covered = new Set(source.coverages[index]?.files.map(({ path }) => path));
    const { files } = this.#coverer.of(handler, source.places, cwd);
    return files.map(({ path }) => path).filter((path) => !covered.has(path));
  }

  #pathOf(entry: string, projectDir: string): string {
    if (entry === "~" || entry.startsWith("~/")) return join(this.#home, entry.slice(1));
    return isAbsolute(entry) ? resolve(entry) : resolve(projectDir, entry);
  }

  #source(given: string, projectDir: string): Source {
    const isFolder = statOf(given)?.isDirectory() === true;
    const path = isFolder ? join(given, "hooks", "hooks.json") : given;
    const isPlugin = basename(path) === "hooks.json" && basename(dirname(path)) === "hooks";
    const pluginRoot = isPlugin ? dirname(dirname(path)) : null;
    const places: Places = {
      projectDir,
      pluginRoot,
      pluginData: pluginRoot === null ? null : pluginData(this.#root, pluginRoot),
    };
    const base = { path, places, owner: ownerOf(path), definition: NOTHING, coverages: [] };
    const parsed = this.#parse(path);
    if (parsed === undefined) return { ...base, state: "absent" };
    if ("broken" in parsed) return { ...base, state: "broken", problem: parsed.broken };
    if (parsed.isOff) return { ...base, state: "off", definition: parsed };
    const coverages = parsed.handlers.map((handler) => this.#coverer.of(handler, places, projectDir));
    const digest = digestOf(path, parsed.handlers, coverages);
    return { ...base, state: "read", definition: parsed, coverages, digest };
  }

  #parse(path: string): Parsed | undefined {
    const found = statOf(path);
    if (found === undefined) return existsSync(dirname(path)) ? readAndParse(path) : undefined;
    if (!found.isFile()) return { broken: "it is no file" };
    const stamp = [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ");
    const kept = this.#parsed.get(path);
    if (kept?.stamp === stamp) return kept.parsed;
    const parsed = readAndParse(path);
    if (parsed === undefined) return undefined;
    if (this.#parsed.size >= 256) this.#parsed.clear();
    this.#parsed.set(path, { stamp, parsed });
    return parsed;
  }
}

/** A project may have a file or not, and so may a home have the usual one. */
function isOptional(entry: string): boolean {
  return entry === "~/.claude/settings.json" || !(isAbsolute(entry) || entry.startsWith("~"));
}

/** A guard that somebody named and that is not there must not look like no guard. */
function wanted(source: Source): Source {
  return source.state === "absent" ? { ...source, state: "broken", problem: "it is not there" } : source;
}

function readAndParse(path: string): Parsed | undefined {
  try {
    const file = openSync(path, "r");
    try {
      // A file that grows while it is read stays within the bound.
      const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
      const size = readSync(file, buffer, 0, buffer.length, 0);
      if (size > MAX_FILE_BYTES) return { broken: `it is larger than ${MAX_FILE_BYTES / 1024} KiB` };
      return parse(buffer.toString("utf8", 0, size).replace(/^\uFEFF/, ""));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { broken: `it cannot be read: ${code ?? String(error)}` };
  }
}

/** The agent whose own place a file stands in. */
function ownerOf(path: string): string | null {
  const folder = basename(dirname(path));
  if (folder === ".claude" && /^settings(?:\.local)?\.json$/.test(basename(path))) return "claude-code";
  if (folder === ".codex" && basename(path) === "hooks.json") return "codex";
  return null;
}

/** The project of a folder: the nearest folder above with `.git` or `.synaps-project`, else the folder itself. */
export function projectOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git")) || existsSync(join(at, ".synaps-project"))) return at;
    if (dirname(at) === at) return folder;
  }
}
