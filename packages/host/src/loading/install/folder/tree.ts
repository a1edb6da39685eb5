import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, readlink, realpath, symlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { HostError } from "../../../errors.js";
import { isNotCode } from "./left-out.js";

/** Bounds of a folder that is installed: far above what extensions need, below what fills a disk unseen. */
export const DEFAULT_TREE_LIMITS = { entries: 20_000, bytes: 512 * 1024 * 1024, depth: 64 } as const;

export type TreeLimits = { readonly [name in keyof typeof DEFAULT_TREE_LIMITS]: number };

export interface TreeEntry {
  /** Below the folder, with slashes. */
  path: string;
  type: "folder" | "file" | "link";
  mode: number;
  /** Text of a link. */
  target: string;
}

export interface Tree {
  root: string;
  entries: readonly TreeEntry[];
  bytes: number;
  /** Names that are no code and are not installed: approvals do not cover them. */
  leftOut: readonly string[];
}

/** Lists all that would be installed from a folder. Throws a HostError for content that must not be installed. */
export async function readTree(root: string, limits: TreeLimits): Promise<Tree> {
  const tree = { root, entries: [] as TreeEntry[], bytes: 0, leftOut: [] as string[] };
  await addFolder(tree, "", 0, limits);
  return tree;
}

type Growing = Tree & { entries: TreeEntry[]; leftOut: string[] };

async function addFolder(tree: Growing, folder: string, depth: number, limits: TreeLimits): Promise<void> {
  if (depth > limits.depth) throw refused(tree.root, `its folders are nested deeper than ${limits.depth}`);
  for (const name of (await readdir(join(tree.root, folder))).sort()) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (name === "__pycache__" || (folder === "" && isNotCode(name))) {
      tree.leftOut.push(path);
      continue;
    }
    const stats = await lstat(join(tree.root, path));
    const { mode, size } = stats;
    if (stats.isDirectory()) tree.entries.push({ path, type: "folder", mode, target: "" });
    else if (stats.isFile()) tree.entries.push({ path, type: "file", mode, target: "" });
    else if (stats.isSymbolicLink())
      tree.entries.push({ path, type: "link", mode, target: await linkTarget(tree.root, path) });
    else throw refused(tree.root, `'${path}' is neither a file nor a folder nor a link`);
    if (tree.entries.length > limits.entries)
      throw refused(tree.root, `it has more than ${limits.entries} files and folders`);
    if (stats.isFile()) tree.bytes += size;
    if (tree.bytes > limits.bytes) throw refused(tree.root, `it is larger than ${limits.bytes} bytes`);
    if (stats.isDirectory()) await addFolder(tree, path, depth + 1, limits);
  }
}

/** Returns the text of a link that leads to a place inside the folder, and still does when the folder is copied. */
async function linkTarget(root: string, path: string): Promise<string> {
  const target = await readlink(join(root, path));
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) throw refused(root, `the link '${path}' leads nowhere: '${target}'`);
  if (target.startsWith(sep) || !real.startsWith((await realpath(root)) + sep))
    throw refused(root, `the link '${path}' leads outside: '${target}'`);
  return target;
}

/** Copies the tree to a new folder. Throws when a file is no file any more, or grew beyond the bound. */
export async function copyTree({ root, entries }: Tree, to: string, limits: TreeLimits): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  let room = limits.bytes;
  for (const { path, type, mode, target } of entries) {
    if (type === "folder") await mkdir(join(to, path));
    else if (type === "link") await symlink(target, join(to, path));
    else room -= await copyFile(join(root, path), join(to, path), mode & 0o100 ? 0o755 : 0o644, room);
    if (room < 0) throw refused(root, `it is larger than ${limits.bytes} bytes`);
  }
}

async function copyFile(from: string, to: string, mode: number, room: number): Promise<number> {
  // A link or a pipe that took the file's place meanwhile is refused instead of followed or waited for.
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await source.stat()).isFile()) throw refused(from, "it is no file any more");
    const copy = await open(to, "wx", mode);
    let bytes = 0;
    await pipeline(
      source.createReadStream({ autoClose: false }),
      async function* (parts: AsyncIterable<Buffer>) {
        for await (const part of parts) {
          bytes += part.length;
          if (bytes > room) return;
          yield part;
        }
      },
      copy.createWriteStream(),
    );
    return bytes;
  } finally {
    await source.close();
  }
}

export function refused(root: string, why: string): HostError {
  return new HostError("INSTALL_REFUSED", `The folder '${root}' cannot be installed: ${why}`, {
    hint: "Correct that in the folder, and install it again.",
  });
}
