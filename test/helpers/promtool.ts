import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { repo } from "./paths.js";

/** Beside what other tools keep, and never packed or committed. */
const CACHE = repo("node_modules/.cache");
const PLACE = join(CACHE, "promtool");

/**
 * Path of Prometheus' own checker: the installed one, or the one of the Debian package `prometheus`, which is fetched and
 * unpacked once, without being installed. Undefined where there is neither.
 */
export function promtool(): string | undefined {
  if (spawnSync("promtool", ["--version"]).status === 0) return "promtool";
  const path = join(PLACE, "usr", "bin", "promtool");
  if (!existsSync(path)) fetchPackage();
  return existsSync(path) ? path : undefined;
}

function fetchPackage(): void {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "promtool-"));
  try {
    const download = (): boolean =>
      spawnSync("apt-get", ["download", "prometheus"], { cwd: folder, stdio: "ignore" }).status === 0;
    if (!download() && spawnSync("apt-get", ["update"], { stdio: "ignore" }).status === 0) download();
    const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
    if (file === undefined) return;
    execFileSync("dpkg-deb", ["-x", join(folder, file), join(folder, "content")]);
    if (!existsSync(PLACE)) renameSync(join(folder, "content"), PLACE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Complaints of the checker about a text; empty for a text that is right. */
export function complaints(path: string, text: string): string {
  const { status, stdout, stderr } = spawnSync(path, ["check", "metrics"], { input: text, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}` || `it ended with ${status}`;
}
