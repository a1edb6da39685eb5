// Prints how long guards take: p50 and p99 per command, per text or per MB, beside another build where one is named.
// usage: node scripts/guard-times.mjs [part]... [--beside FOLDER]   (default: every file of scripts/guard-times)
// FOLDER holds an older extension with its sources, such as extensions/shell-guard of a worktree; its dist/main.js may be named, too.
import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PARTS = fileURLToPath(new URL("guard-times", import.meta.url));
const words = process.argv.slice(2);
const at = words.indexOf("--beside");
const named = at < 0 ? undefined : words.splice(at, 2)[1];
if (at >= 0 && named === undefined) throw new Error("--beside needs a folder");

const known = readdirSync(PARTS).map((name) => basename(name, ".mjs"));
for (const name of words)
  if (!known.includes(name)) throw new Error(`no part '${name}'; there are: ${known.join(", ")}`);

for (const name of words.length > 0 ? words : known) {
  /** @type {{ rows: (beside: string | undefined) => Promise<{ what: string, unit: string, now: number[], before?: number[] }[]> }} */
  const part = await import(join(PARTS, `${name}.mjs`));
  const rows = await part.rows(named === undefined ? undefined : folderOf(resolve(named)));
  console.log(
    `${name}: ${"what".padEnd(34)} ${"n".padStart(6)}  ${"p50".padStart(9)} ${"p99".padStart(9)}   beside: p50, p99`,
  );
  for (const { what, unit, now, before } of rows) {
    const beside = before === undefined ? "" : `   ${shown(before, 0.5)} ${shown(before, 0.99)}`;
    console.log(
      `${name}: ${what.padEnd(34)} ${String(now.length).padStart(6)}  ${shown(now, 0.5)} ${shown(now, 0.99)}${beside}   ${unit}`,
    );
  }
}

/** @param {string} path */
function folderOf(path) {
  return path.endsWith("dist/main.js") ? dirname(dirname(path)) : path;
}

/**
 * A quantile of times in ms.
 * @param {number[]} times
 * @param {number} share
 */
function shown(times, share) {
  const sorted = [...times].sort((left, right) => left - right);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return value.toFixed(3).padStart(9);
}
