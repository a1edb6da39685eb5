import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { extname, isAbsolute, join, resolve } from "node:path";
import type { Handler } from "../config/handler.js";
import { fillPlaces, placeVariables, type Places } from "../run/places.js";
import { statOf } from "../stat.js";
import type { FileHashes } from "./file-hashes.js";
import { isRunner, wordsOf, type Words } from "./words.js";

/** A file that a command names, with the hash of its content. */
export interface CoveredFile {
  readonly path: string;
  readonly hash: string;
}

/** The files that a handler's command names, and if all of its words could be read. */
export interface Coverage {
  readonly files: readonly CoveredFile[];
  readonly isWhole: boolean;
}

const DATA =
  /\.(?:txt|log|jsonl?|md|csv|tsv|ya?ml|toml|ini|conf|env|xml|html|db|sqlite3?|png|jpe?g|svg|pdf|wav|mp3|aiff)$/i;

const NO_FILES: Coverage = { files: [], isWhole: true };

/** Finds the files that a command names. Programs that are found along PATH are known by their name alone. */
export class Coverer {
  readonly #hashes: FileHashes;
  readonly #home: string;

  constructor(hashes: FileHashes, home: string) {
    this.#hashes = hashes;
    this.#home = home;
  }

  /** Names without a folder, and relative paths, are looked up in `cwd`. */
  of({ run }: Handler, places: Places, cwd: string): Coverage {
    if (run.type !== "command") return NO_FILES;
    const variables = { ...placeVariables(places), HOME: this.#home };
    const { words, isWhole } =
      run.args === undefined ? wordsOf(run.command, variables) : plainWords(run.command, run.args, places);
    const files = new Map<string, string>();
    for (const { text, role } of words) {
      const path = this.#pathOf(text, cwd);
      if (path === undefined || role === "written" || (role === "argument" && isData(path))) continue;
      const hash = this.#hashes.of(path);
      if (hash !== undefined) files.set(path, hash);
    }
    return { files: [...files].map(([path, hash]) => ({ path, hash })), isWhole };
  }

  #pathOf(word: string, cwd: string): string | undefined {
    if (word.includes("\0") || word.length > 4_096) return undefined;
    if (word.startsWith("~/")) return join(this.#home, word.slice(2));
    return isAbsolute(word) ? word : resolve(cwd, word);
  }
}

function plainWords(command: string, args: readonly string[], places: Places): Words {
  const role = isRunner(command) ? "run" : "argument";
  const words = args.map((text) => ({ text: fillPlaces(text, places), role }) as const);
  return { words: [{ text: fillPlaces(command, places), role: "run" }, ...words], isWhole: true };
}

/** True for a file that is read or written rather than run: nobody may execute it, and neither ending nor beginning is a program's. */
function isData(path: string): boolean {
  const found = statOf(path);
  if (found === undefined || (found.mode & 0o111n) !== 0n) return false;
  return DATA.test(path) || (extname(path) === "" && !hasShebang(path));
}

function hasShebang(path: string): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const start = Buffer.alloc(2);
      readSync(file, start, 0, 2, 0);
      return start.toString("latin1") === "#!";
    } finally {
      closeSync(file);
    }
  } catch {
    return true;
  }
}

/** The digest that an approval names: the place of a configuration, its handlers, and the files that they name. */
export function digestOf(path: string, handlers: readonly Handler[], coverages: readonly Coverage[]): string {
  const files = coverages.map((coverage) => coverage.files);
  return `sha256:${createHash("sha256")
    .update(JSON.stringify({ form: 1, path, handlers, files }))
    .digest("hex")}`;
}
