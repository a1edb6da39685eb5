import { createHash } from "node:crypto";
import { lstat, mkdir, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { systemCode } from "../../errors.js";
import { Refusal } from "./refusal.js";

/** Longest path that stands in the name of a lock file as it is. */
const MOST_NAME = 150;

/** The real place of a file under the base folder. */
export interface Place {
  /** Real path of the file, which need not exist yet; its folder does. */
  target: string;
  /** Lock file of the target, the same for every name that leads to it. */
  lock: string;
}

/**
 * Finds the real place of a file under the base folder, and makes the folders on the way for this user alone. Links are
 * followed within the base folder only. Rejects with a Refusal for a link that leads out of the base folder, and for a
 * target that is not a file. The user may link an extension's folder as a whole into `plugins`.
 */
export async function placeOf(baseDir: string, path: string): Promise<Place> {
  const base = resolve(baseDir);
  await mkdir(base, { recursive: true, mode: 0o700 });
  const root = await realpath(base);
  const names = relative(base, resolve(path)).split(sep);
  if (names[0] === "" || names[0] === ".." || isAbsolute(names[0] ?? ""))
    throw new Error(`'${path}' is not under '${base}'`);
  const file = names.pop() ?? "";
  let [folder, limit] = [root, root];
  for (const [depth, name] of names.entries()) {
    folder = await enter(folder, name);
    if (depth === 1 && names[0] === "plugins" && !isInside(root, folder) && (await isExtension(folder)))
      limit = folder;
    if (!isInside(limit, folder)) throw leadsOut(join(base, ...names.slice(0, depth + 1)), folder, base);
  }
  const target = await targetOf(join(folder, file), limit);
  const name = isInside(root, target) ? relative(root, target) : relative(base, resolve(path));
  return { target, lock: await lockOf(root, name) };
}

/** Returns the lock file for a name under the base folder, in `extensions/locks`, and makes that folder. */
export async function lockPlace(baseDir: string, name: string): Promise<string> {
  const base = resolve(baseDir);
  await mkdir(base, { recursive: true, mode: 0o700 });
  return lockOf(await realpath(base), name);
}

async function lockOf(root: string, name: string): Promise<string> {
  let folder = root;
  for (const part of ["extensions", "locks"]) {
    folder = await enter(folder, part);
    if (!isInside(root, folder)) throw leadsOut(join(root, part), folder, root);
  }
  const plain = encodeURIComponent(name.split(sep).join("/"));
  const short = createHash("sha256").update(name).digest("hex");
  return join(folder, `${plain.length > MOST_NAME ? short : plain}.lock`);
}

/** Returns the real path of a folder inside another, and makes it when it is missing. */
async function enter(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const real = await realpath(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (real !== undefined) {
    if ((await lstat(real)).isDirectory()) return real;
    throw new Refusal(`'${path}' is not a folder`, "Move it away.");
  }
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (systemCode(error) !== "EEXIST") throw error;
  });
  return realpath(path).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw error;
    throw new Refusal(`'${path}' is a link to nothing`, "Remove the link.");
  });
}

async function targetOf(path: string, limit: string): Promise<string> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (!stats || stats.isFile()) return path;
  if (!stats.isSymbolicLink()) throw notAFile(path);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) throw new Refusal(`'${path}' is a link to nothing`, "Remove the link.");
  if (!isInside(limit, real)) throw leadsOut(path, real, limit);
  if (!(await lstat(real)).isFile()) throw notAFile(real);
  return real;
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function isExtension(folder: string): Promise<boolean> {
  return lstat(join(folder, ".synaps-plugin", "plugin.json")).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

function leadsOut(path: string, to: string, from: string): Refusal {
  return new Refusal(
    `'${path}' is a link to '${to}', out of '${from}'`,
    "Put the file itself in the place of the link, or change the linked file by hand.",
  );
}

function notAFile(path: string): Refusal {
  return new Refusal(`'${path}' is not a file`, "Move it away.");
}
