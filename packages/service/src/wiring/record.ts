import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readRegularFile } from "@synaps/host/tooling";
import type { AgentName } from "../agents/index.js";
import type { Scope } from "./agent-files.js";
import { systemCode } from "./failures.js";
import { writePrivate } from "./private-files.js";

/** Largest record: a file of the size that is read at most, as base64, and some words. */
const MOST_BYTES = 8 * 1024 * 1024;
const NAME = /^wired-[\w-]+\.json$/;

/** The state of a configuration file before our entries came, so that it can be put back byte for byte. */
export interface WiringRecord {
  readonly agent: AgentName;
  readonly scope: Scope;
  readonly path: string;
  /** Null when there was no file. */
  readonly before: { readonly bytes: Buffer; readonly mode: number } | null;
  /** Hash of the content that `wire` wrote. */
  readonly writtenHash: string;
  /** Permission bits that `wire` wrote. */
  readonly writtenMode: number;
  /** Folders that were made for the file. */
  readonly folders: readonly string[];
}

/** The hash by which a content is known again. */
export function contentHash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The record of a file; undefined where there is none, or none that can be read. */
export async function readRecord(agentsDir: string, path: string): Promise<WiringRecord | undefined> {
  return parse(join(agentsDir, nameOf(path)), path);
}

/** All records. Files that are none are left out. */
export async function readRecords(agentsDir: string): Promise<WiringRecord[]> {
  const names = await readdir(agentsDir).catch(() => []);
  const records = names.filter((name) => NAME.test(name)).map((name) => parse(join(agentsDir, name)));
  return (await Promise.all(records)).filter((record) => record !== undefined);
}

/** Writes the record of a file, for this user alone. */
export async function writeRecord(agentsDir: string, record: WiringRecord): Promise<void> {
  const { before } = record;
  const stored = before && { bytes: before.bytes.toString("base64"), mode: before.mode };
  const text = JSON.stringify({ ...record, before: stored }, null, 2);
  await writePrivate(join(agentsDir, nameOf(record.path)), `${text}\n`);
}

/** Removes the record of a file. */
export async function removeRecord(agentsDir: string, path: string): Promise<void> {
  await rm(join(agentsDir, nameOf(path)), { force: true });
}

function nameOf(path: string): string {
  return `wired-${createHash("sha256").update(path).digest("hex").slice(0, 16)}.json`;
}

async function parse(file: string, path?: string): Promise<WiringRecord | undefined> {
  try {
    const stored = JSON.parse((await readRegularFile(file, MOST_BYTES)).toString()) as Stored;
    const { before, folders } = stored;
    if (path !== undefined && stored.path !== path) return undefined;
    if (before !== null && typeof before.bytes !== "string") return undefined;
    return {
      ...stored,
      before: before && { bytes: Buffer.from(before.bytes, "base64"), mode: before.mode },
      folders: Array.isArray(folders) ? folders : [],
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || systemCode(error) !== undefined)
      return undefined;
    throw error;
  }
}

interface Stored extends Omit<WiringRecord, "before"> {
  readonly before: { readonly bytes: string; readonly mode: number } | null;
}
