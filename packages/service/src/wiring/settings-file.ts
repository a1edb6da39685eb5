import { randomInt } from "node:crypto";
import { mkdir, open, realpath, rename, rm, rmdir, lstat, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { readRegularFile } from "@synaps/host/tooling";
import { systemCode } from "./failures.js";
import { refusals } from "./refusals.js";

const BOM = "\uFEFF";
/** Rights of a file that is made where there was none. */
const NEW_MODE = 0o644;
const PERMISSIONS = 0o777;

/** A configuration file of an agent, as it was found. */
export interface SettingsFile {
  /** The path at which the agent looks. */
  readonly path: string;
  /** The file itself, where the path is a link. */
  readonly target: string;
  /** Undefined when there is no file. */
  readonly bytes: Buffer | undefined;
  /** Permission bits. Undefined when there is no file. */
  readonly mode: number | undefined;
  /** The content without the byte order mark; empty when there is no file. */
  readonly text: string;
  readonly bom: boolean;
}

/**
 * Reads a configuration file of an agent; links are followed. Rejects with a HostError for everything that cannot be changed
 * and put back exactly: a link that leads nowhere, or out of the folder `within`, another user's file, text that is not UTF-8.
 */
export async function readSettings(path: string, within?: string): Promise<SettingsFile> {
  const target = await targetOf(path);
  if (within !== undefined) await refuseLeadingOut(path, target, within);
  try {
    const stats = await stat(target);
    if (process.geteuid && stats.uid !== process.geteuid())
      throw refusals.notUnderstood(path, "it belongs to another user");
    const bytes = await readRegularFile(target);
    const text = textOf(path, bytes);
    const bom = text.startsWith(BOM);
    return { path, target, bytes, mode: stats.mode & PERMISSIONS, text: bom ? text.slice(1) : text, bom };
  } catch (error) {
    if (systemCode(error) === "ENOENT")
      return { path, target, bytes: undefined, mode: undefined, text: "", bom: false };
    throw isRefusal(error) ? error : refusals.notAccessible(path, "read", error);
  }
}

/** The bytes of a text as they stand in the file: with the byte order mark that the file had. */
export function bytesOf({ bom }: SettingsFile, text: string): Buffer {
  return Buffer.from(bom ? BOM + text : text);
}

/** Something to put in the place of the content that was read. */
export interface NewContent {
  /** Undefined removes the file. */
  readonly bytes: Buffer | undefined;
  /** Permission bits; undefined keeps those of the file. */
  readonly mode?: number | undefined;
}

/**
 * Replaces the content through a temporary file beside it, so that readers see the old or the new content, never a part.
 * Rejects with a HostError, and changes nothing, where the file is not as it was read. Returns the folders that were made.
 */
export async function writeSettings(file: SettingsFile, content: NewContent): Promise<string[]> {
  const { path, target } = file;
  const folder = dirname(target);
  const temporary = join(folder, `.${basename(target)}-${process.pid}-${randomInt(2 ** 47)}.tmp`);
  try {
    const made = content.bytes === undefined ? [] : await makeFolders(folder);
    try {
      if (content.bytes !== undefined)
        await writeAside(temporary, content.bytes, content.mode ?? file.mode ?? NEW_MODE);
      if (!(await isAsRead(file))) throw refusals.changedMeanwhile(path);
      await (content.bytes === undefined ? rm(target) : rename(temporary, target));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      await removeFolders(made);
      throw error;
    }
    return made;
  } catch (error) {
    throw isRefusal(error) ? error : refusals.notAccessible(path, "written", error);
  }
}

/** Removes folders that are empty, the innermost first. Others stay. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => {});
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "HostError";
}

async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw refusals.notAccessible(path, "read", error);
  }
  const link = await lstat(path).catch(() => undefined);
  if (link !== undefined) throw refusals.notUnderstood(path, "it is a link that leads nowhere");
  return path;
}

async function refuseLeadingOut(path: string, target: string, within: string): Promise<void> {
  const root = await realpath(within);
  const folder = await nearest(target);
  if (folder !== root && !folder.startsWith(root.endsWith(sep) ? root : root + sep))
    throw refusals.notUnderstood(path, `it is a link out of the project, to '${folder}'`);
}

/** The real path of the nearest part of a path that exists. */
async function nearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return nearest(dirname(path));
  }
}

function textOf(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusals.notUnderstood(path, "it is not UTF-8 text");
  }
}

/** Makes the folder and those above it. Returns the folders that were not there, the outermost first. */
async function makeFolders(folder: string): Promise<string[]> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return [];
  const made = [folder];
  for (let one = folder; one !== first;) made.unshift((one = dirname(one)));
  return made;
}

async function writeAside(path: string, bytes: Buffer, mode: number): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function isAsRead({ target, bytes }: SettingsFile): Promise<boolean> {
  try {
    const now = await readRegularFile(target);
    return bytes !== undefined && now.equals(bytes);
  } catch (error) {
    return systemCode(error) === "ENOENT" && bytes === undefined;
  }
}
