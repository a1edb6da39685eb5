// Redacts the text files of installed packages (npm of this workspace and of the machine, Debian) and prints every change:
// rule, file, and the masked text around the mark. Stores nothing. `node scripts/false-marks.mjs [--most 12000]`
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRedactor, RULES } from "../packages/guards/dist/secrets/index.js";

const ROOTS = [
  "node_modules",
  "/usr/lib/node_modules",
  "/usr/local/lib/node_modules",
  "/usr/share/doc",
  "/usr/share/man",
  "/usr/share/perl",
  "/usr/share/perl5",
  "/usr/share/bash-completion",
  "/usr/share/zsh",
  "/usr/share/vim",
  "/usr/share/git-core",
  "/usr/share/info",
  "/usr/share/mime",
  "/usr/lib/python3",
  "/usr/lib/python3.11",
  "/usr/lib/python3.12",
  "/usr/lib/python3.13",
  "/usr/include",
  "/etc",
];
/** Files that are no part of a package, or that hold what this machine keeps secret. */
const LEFT_OUT = /^\/etc\/(?:shadow|gshadow|passwd|group|ssh\/ssh_host|ssl\/private|machine-id)/;
/** The host shows an extension no more of an output than this. */
const MOST_BYTES = 262_144;
/** Smaller ones hold a line or nothing. */
const LEAST_BYTES = 200;
/** Files that a folder may add, so that one package with thousands of the same kind does not make up the whole. */
const MOST_PER_FOLDER = 60;

const most = Number(process.argv[process.argv.indexOf("--most") + 1] || 12_000) || 12_000;
const { redact } = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });
const kinds = new Map();
const changes = [];
let files = 0;
let bytes = 0;

for (const root of ROOTS) walk(root, Math.ceil(most / 4));
report();

/** Goes through a folder, a level after the other, until `budget` files of it were read. */
function walk(root, budget) {
  const folders = [root];
  let left = budget;
  for (
    let folder = folders.shift();
    folder !== undefined && left > 0 && files < most;
    folder = folders.shift()
  ) {
    let taken = 0;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && taken < MOST_PER_FOLDER && left > 0 && files < most && read(path)) {
        taken += 1;
        left -= 1;
      }
    }
  }
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Reads one file and looks for marks in what the redactor makes of it. False for a file that is not text. */
function read(path) {
  const text = LEFT_OUT.test(path) ? undefined : textOf(path);
  if (text === undefined) return false;
  files += 1;
  bytes += Buffer.byteLength(text);
  const kind = kindOf(path);
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const out = redact(text).text;
  if (out !== text)
    for (const found of out.matchAll(/\[redacted:([a-z0-9-]+)#\d+\]/g)) note(path, out, found);
  return true;
}

function note(path, out, found) {
  const [mark, rule] = found;
  const { index } = found;
  const before = out
    .slice(Math.max(0, index - 70), index)
    .split("\n")
    .at(-1);
  const after = out.slice(index + mark.length, index + mark.length + 30).split("\n")[0];
  changes.push({ rule, path, around: `${before}${mark}${after}` });
}

function textOf(path) {
  try {
    const { size } = statSync(path);
    if (size < LEAST_BYTES || size > 64 * MOST_BYTES) return undefined;
    const raw = path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : beginningOf(path, size);
    if (raw.subarray(0, MOST_BYTES).includes(0)) return undefined;
    return raw.subarray(0, MOST_BYTES).toString("utf8");
  } catch {
    return undefined;
  }
}

function beginningOf(path, size) {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(Math.min(size, MOST_BYTES));
    return buffer.subarray(0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

function kindOf(path) {
  const ending = extname(path.replace(/\.gz$/, "")).toLowerCase();
  if (/\/man\//.test(path)) return "man page";
  if (/^\.(?:m?[jt]sx?|c[jt]s|py|pl|pm|h|c|sh|vim|lua|rb)$/.test(ending)) return "source";
  if (/^\.(?:json|ya?ml|toml|conf|cfg|ini|xml|map)$/.test(ending)) return "configuration and data";
  if (/^\.(?:md|txt|html?|rst|info)$/.test(ending) || /readme|change|news|copyright|license/i.test(path))
    return "documentation";
  return "other";
}

function report() {
  for (const { rule, path, around } of changes) console.log(`${rule}\n  ${path}\n  ${around.trim()}`);
  const byRule = new Map();
  for (const { rule } of changes) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  console.log(
    [...byRule]
      .toSorted((a, b) => b[1] - a[1])
      .map(([rule, n]) => `${n} ${rule}`)
      .join("\n"),
  );
  console.log([...kinds].map(([kind, n]) => `${n} ${kind}`).join(", "));
  const changed = new Set(changes.map(({ path }) => path)).size;
  console.log(
    `${files} files, ${(bytes / 1e6).toFixed(0)} MB: ${changes.length} changes in ${changed} files`,
  );
}
