import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { repo } from "./paths.js";

/** Beside what other tools keep, and never packed or committed. */
const CACHE = repo("node_modules/.cache");

/**
 * Folder in which these Debian packages are unpacked, without being installed: fetched once, kept under `name`. Undefined
 * where they cannot be had.
 */
export function debianPackages(name: string, packages: readonly string[]): string | undefined {
  const place = join(CACHE, name);
  if (!existsSync(place)) fetchInto(place, packages);
  return existsSync(place) ? place : undefined;
}

function fetchInto(place: string, packages: readonly string[]): void {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(`${place}-`);
  try {
    const download = (): boolean =>
      spawnSync("apt-get", ["download", ...packages], { cwd: folder, stdio: "ignore" }).status === 0;
    if (!download() && spawnSync("apt-get", ["update"], { stdio: "ignore" }).status === 0) download();
    const files = readdirSync(folder).filter((file) => file.endsWith(".deb"));
    if (files.length < packages.length) return;
    for (const file of files) execFileSync("dpkg-deb", ["-x", join(folder, file), join(folder, "content")]);
    if (!existsSync(place)) renameSync(join(folder, "content"), place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
