import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Change } from "../permission/compare.js";
import type { Coverage, Covered } from "../permission/coverage.js";
import type { FileStamp } from "../permission/stamp.js";
import { readRegularFile } from "../regular-file.js";
import { changeFile, type SharedFile } from "./change-file.js";
import type { FileWords } from "./refusal.js";

/** Room for the names of the most files that are covered. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Changes that are kept to be shown: a folder that was exchanged whole would fill the file. */
const MAX_CHANGES = 1_000;

/** One file: `approved` tells if the approval covers it, or it only lay beside. */
type FileEntry = [name: string, value: string, loadable: boolean, stamp: FileStamp | null, approved: boolean];

/** A schema of a library would take longer for thousands of files than looking at them. */
const isFileEntry = (entry: unknown): entry is FileEntry =>
  Array.isArray(entry) &&
  typeof entry[0] === "string" &&
  typeof entry[1] === "string" &&
  typeof entry[2] === "boolean" &&
  (entry[3] === null || isStamp(entry[3])) &&
  typeof entry[4] === "boolean";

const isStamp = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 5 && value.every((one) => typeof one === "number");

const fileSchema = z.object({
  version: z.literal(1),
  root: z.string(),
  hash: z.string(),
  files: z.custom<FileEntry[]>((value) => Array.isArray(value) && value.every(isFileEntry)),
  last: z
    .object({
      at: z.string(),
      changes: z.array(
        z.object({ name: z.string(), what: z.enum(["changed", "removed", "new"]), loadable: z.boolean() }),
      ),
    })
    .nullable(),
});

/** The recorded files of an extension, and the changes that were found when it was recorded the last time. */
export interface RecordedCoverage {
  /** Hash of the approval that the files belong to. */
  hash: string;
  /** Everything that lay there; the approval covers those that are `approved`. */
  files: ReadonlyMap<string, Covered & { approved: boolean }>;
  last: { at: string; changes: readonly Change[] } | undefined;
}

/**
 * The files that approvals cover, one record per extension folder in `<base>/extensions/files`. It saves reading what did
 * not change, and tells what did. A record that is missing, damaged or of another approval costs only that.
 */
export class CoverageStore {
  readonly #baseDir: string;

  constructor(baseDir: string) {
    this.#baseDir = baseDir;
  }

  /** Undefined when there is no record that can be used. */
  async read(root: string): Promise<RecordedCoverage | undefined> {
    const { path, mostBytes } = this.#fileOf(root);
    try {
      return parse(await readRegularFile(path, mostBytes), root);
    } catch {
      return undefined;
    }
  }

  /**
   * Replaces the record of a folder: `approved` tells which of the files the approval with the hash covers. With `isSame`,
   * a record of another approval, which somebody else wrote meanwhile, stays as it is. Rejects with a HostError.
   */
  async write(
    root: string,
    hash: string,
    files: Coverage["files"],
    approved: (name: string) => boolean,
    last: RecordedCoverage["last"],
    isSame = false,
  ): Promise<void> {
    const entries = [...files].map(([name, { value, loadable, stamp }]): FileEntry => {
      return [name, value, loadable, stamp ?? null, approved(name)];
    });
    const kept = last && { at: last.at, changes: last.changes.slice(0, MAX_CHANGES) };
    const content = { version: 1, root, hash, files: entries, last: kept ?? null };
    await changeFile(this.#fileOf(root), (bytes) =>
      isSame && bytes && hashIn(bytes, root) !== hash ? undefined : `${JSON.stringify(content)}\n`,
    );
  }

  async forget(root: string): Promise<void> {
    await rm(this.#fileOf(root).path, { force: true });
  }

  #fileOf(root: string): SharedFile & { mostBytes: number } {
    const name = createHash("sha256").update(root).digest("hex").slice(0, 32);
    const path = join(this.#baseDir, "extensions", "files", `${name}.json`);
    const words: FileWords = { code: "CONSENT_NOT_RECORDED", what: "The list of approved files" };
    return { baseDir: this.#baseDir, path, words, mostBytes: MAX_BYTES };
  }
}

function parse(bytes: Buffer, root: string): RecordedCoverage | undefined {
  const { root: of, hash, files, last } = fileSchema.parse(JSON.parse(bytes.toString("utf8")));
  if (of !== root) return undefined;
  const known = new Map<string, Covered & { approved: boolean }>();
  for (const [name, value, loadable, stamp, approved] of files)
    known.set(name, stamp ? { value, loadable, stamp, approved } : { value, loadable, approved });
  return { hash, files: known, last: last ?? undefined };
}

function hashIn(bytes: Buffer, root: string): string | undefined {
  try {
    return parse(bytes, root)?.hash;
  } catch {
    return undefined;
  }
}
