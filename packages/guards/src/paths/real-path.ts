import { readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";

/** A path that cannot be looked at, with the reason. */
export class UnclearPath extends Error {}

/** Links that Linux follows before it gives up. */
const MAX_LINKS = 40;
/** Folders above a path that are looked for; each costs a call of the system. */
const MAX_LEVELS = 256;

/**
 * The path with its links followed, as far as it exists: a file that is new stands in the real folder of the nearest folder that
 * exists, and a link without a target leads to where its target would be. Throws UnclearPath for links that lead in a circle.
 */
export async function realPath(path: string): Promise<string> {
  let current = path;
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const { found, rest } = await longestReal(current);
    const [next] = rest;
    if (next === undefined) return found;
    const target = await linkTarget(join(found, next));
    if (target === undefined) return join(found, ...rest);
    current = join(isAbsolute(target) ? target : join(found, target), ...rest.slice(1));
  }
  throw new UnclearPath("its links lead in a circle");
}

/**
 * The path as the system itself follows it: `..` leaves the folder that a link led to. Undefined for a path without `..`, or with
 * `..` at its beginning only, which `realPath` tells as well.
 */
export async function climbedPath(path: string): Promise<string | undefined> {
  const [first = "", ...others] = path.replace(/^(?:\/+\.{1,2}(?=\/|$))+/, "").split(/\/\.\.(?=\/|$)/);
  if (others.length === 0) return undefined;
  if (others.length > MAX_LINKS) throw new UnclearPath(`it climbs more than ${MAX_LINKS} times`);
  let current = await realPath(join("/", first));
  for (const part of others) current = await realPath(join(dirname(current), part));
  return current;
}

/** True if something stands under the path, also a link without a target. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await realpath(path);
    return true;
  } catch (error) {
    return codeOf(error) !== "ENOENT" || (await linkTarget(path)) !== undefined;
  }
}

async function longestReal(path: string): Promise<{ found: string; rest: string[] }> {
  const rest: string[] = [];
  let folder = path;
  for (let level = 0; level <= MAX_LEVELS; level += 1) {
    try {
      return { found: await realpath(folder), rest };
    } catch (error) {
      const code = codeOf(error);
      if (code === "ELOOP") throw new UnclearPath("its links lead in a circle");
      if (code === "ENAMETOOLONG") throw new UnclearPath("a name in it is too long");
      if (folder === "/") return { found: folder, rest };
    }
    rest.unshift(basename(folder));
    folder = dirname(folder);
  }
  throw new UnclearPath(`it has more than ${MAX_LEVELS} folders that do not exist`);
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
