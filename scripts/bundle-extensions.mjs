// Bundles each TypeScript extension into its own folder (dist/main.js), so that the folder alone is an install.
// Does nothing for a bundle whose inputs are the same as before: a checkout that is built may be read-only.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "..");
const root = join(workspace, "extensions");
const stamp = join(workspace, "node_modules", ".bundles.json");
/** Files that decide about every bundle, beside what a bundle is made of. */
const COMMON = [
  "scripts/bundle-extensions.mjs",
  "extensions/tsconfig.json",
  "tsconfig.base.json",
  "pnpm-lock.yaml",
];

const before = readStamp();
const names = readdirSync(root).filter((name) => existsSync(join(root, name, "src", "main.ts")));
const stale = names.filter((name) => !isCurrent(name));
if (stale.length > 0) {
  const made = await Promise.all(stale.map(bundle));
  const kept = Object.entries(before).filter(([name]) => names.includes(name) && !stale.includes(name));
  writeFileSync(stamp, JSON.stringify(Object.fromEntries([...kept, ...made])));
}

/** Files below the workspace that made each bundle, with the hash of all of them. */
function readStamp() {
  try {
    return JSON.parse(readFileSync(stamp, "utf8"));
  } catch {
    return {};
  }
}

function isCurrent(name) {
  const known = before[name];
  return known !== undefined && known.hash === hashOf([output(name), ...COMMON, ...known.inputs]);
}

async function bundle(name) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    entryPoints: [join(root, name, "src", "main.ts")],
    outfile: join(workspace, output(name)),
    absWorkingDir: workspace,
    bundle: true,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "esm",
    tsconfig: join(root, "tsconfig.json"),
    nodePaths: [join(workspace, "node_modules")],
    legalComments: "linked",
    logLevel: "warning",
    // A bundled CommonJS dependency may still call require for a Node built-in.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  const inputs = Object.keys(metafile.inputs).sort();
  return [name, { inputs, hash: hashOf([output(name), ...COMMON, ...inputs]) }];
}

function output(name) {
  return join("extensions", name, "dist", "main.js");
}

/** Undefined when one of the files is not there. */
function hashOf(paths) {
  const hash = createHash("sha256");
  try {
    for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(workspace, path)));
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}
