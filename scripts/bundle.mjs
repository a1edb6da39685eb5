// Bundles each TypeScript extension into its own folder (dist/main.js), so that the folder alone is an install, and the
// command with everything that it needs (packages/cli/bundle): one file is read much faster than some hundred modules.
// Does nothing for a bundle whose inputs are the same as before: a checkout that is built may be read-only.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { directImports } from "./direct-imports.mjs";
import { thirdPartyNotices } from "./third-party.mjs";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(workspace, "node_modules", ".bundles.json");
/** Files that decide about every bundle, beside what a bundle is made of. */
const COMMON = [
  "scripts/bundle.mjs",
  "scripts/direct-imports.mjs",
  "scripts/third-party.mjs",
  "extensions/tsconfig.json",
  "tsconfig.base.json",
  "pnpm-lock.yaml",
];

/**
 * @typedef {object} Target
 * @property {string} folder
 * @property {import("esbuild").BuildOptions} options
 * @property {ReadonlySet<string>} [entries] files that say where something is, and are not in the bundle
 */

const before = readStamp();
const targets = new Map([...extensions().map(extensionTarget), ...commandTarget()]);
const stale = [...targets.keys()].filter((name) => !isCurrent(name));
if (stale.length > 0) {
  const made = await Promise.all(stale.map(bundle));
  const kept = Object.entries(before).filter(([name]) => targets.has(name) && !stale.includes(name));
  writeFileSync(stamp, JSON.stringify(Object.fromEntries([...kept, ...made])));
}

/** Names of the extensions that are written in TypeScript. */
function extensions() {
  const root = join(workspace, "extensions");
  return readdirSync(root).filter((name) => existsSync(join(root, name, "src", "main.ts")));
}

/**
 * @param {string} name
 * @returns {[string, Target]}
 */
function extensionTarget(name) {
  const folder = join("extensions", name, "dist");
  const options = {
    entryPoints: [join("extensions", name, "src", "main.ts")],
    tsconfig: join("extensions", "tsconfig.json"),
    legalComments: /** @type {const} */ ("linked"),
  };
  return [name, { folder, options }];
}

/**
 * None before the command is compiled; its `bin` says so then.
 * @returns {[string, Target][]}
 */
function commandTarget() {
  const entry = join("packages", "cli", "dist", "main.js");
  if (!existsSync(join(workspace, entry))) return [];
  /** @type {Set<string>} */
  const entries = new Set();
  const options = {
    entryPoints: [entry],
    // The code of one command is read when it is called.
    splitting: true,
    // What Node itself reads of jsonc-parser asks for its parts in a way that no bundler sees.
    mainFields: ["module", "main"],
    legalComments: /** @type {const} */ ("none"),
    plugins: [directImports(workspace, entries)],
  };
  return [["@synaps/cli", { folder: join("packages", "cli", "bundle"), options, entries }]];
}

/** Files that made each bundle and files of it, below the workspace, with the hash of all of them. */
function readStamp() {
  try {
    return JSON.parse(readFileSync(stamp, "utf8"));
  } catch {
    return {};
  }
}

/** @param {string} name */
function isCurrent(name) {
  const known = before[name];
  return (
    known?.outputs !== undefined && known.hash === hashOf([...COMMON, ...known.inputs, ...known.outputs])
  );
}

/** @param {string} name */
async function bundle(name) {
  const { build } = await import("esbuild");
  const target = targets.get(name);
  if (target === undefined) throw new Error(`there is no bundle '${name}'`);
  rmSync(join(workspace, target.folder), { recursive: true, force: true });
  const { metafile } = await build({
    ...target.options,
    outdir: target.folder,
    absWorkingDir: workspace,
    bundle: true,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "esm",
    nodePaths: [join(workspace, "node_modules")],
    logLevel: "warning",
    // A bundled CommonJS dependency may still call require for a Node built-in.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  const inputs = [...new Set([...Object.keys(metafile.inputs), ...(target.entries ?? [])])].sort();
  const outputs = Object.keys(metafile.outputs).sort();
  const notices = thirdPartyNotices(workspace, inputs);
  if (notices !== "") {
    const path = join(target.folder, "THIRD-PARTY.txt");
    writeFileSync(join(workspace, path), notices);
    outputs.push(path);
  }
  return [name, { inputs, outputs, hash: hashOf([...COMMON, ...inputs, ...outputs]) }];
}

/**
 * Undefined when one of the files is not there.
 * @param {string[]} paths
 */
function hashOf(paths) {
  const hash = createHash("sha256");
  try {
    for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(workspace, path)));
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}
