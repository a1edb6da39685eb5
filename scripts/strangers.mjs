// Follows README, the pages for users, authors and embedders, and the tutorial, as somebody does who has nothing else: in a
// copy of the work tree, with a home, a prefix and caches of their own, in a path with spaces and letters beyond ASCII.
//     node scripts/strangers.mjs [20|22|24]...
// Root becomes the user "nobody" for it. Prints a table of all commands and ends with 1 when one did not do what its page says.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** A user without rights, on most systems "nobody". */
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
/** How a machine reaches its registry; nothing else of the environment is passed on. */
const NETWORK = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
];
/** A page takes a few minutes; one that takes longer hangs. */
const PAGE_MS = 20 * 60_000;

const registry = execFileSync("npm", ["config", "get", "registry"], {
  cwd: tmpdir(),
  encoding: "utf8",
}).trim();
const scratch = mkdtempSync(join(realpathSync(tmpdir()), "synaps-strangers-"));
chmodSync(scratch, 0o755);
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => (leave(), process.exit(130)));
try {
  const versions = process.argv.length > 2 ? process.argv.slice(2) : ["20", "22", "24"];
  const counts = [];
  for (const version of versions) counts.push(await follow(version));
  process.stdout.write(`\n${counts.map(({ text }) => text).join("\n")}\n`);
  process.exitCode = counts.every(({ wrong }) => wrong === 0) ? 0 : 1;
} finally {
  leave();
}

/** Follows all pages on one version of Node. */
async function follow(version) {
  const { PAGES, followPage, runSteps } = await pages();
  const top = folder(scratch, `neue Leute ü 新 ${version}`);
  const node = nodeOf(version, top);
  const clone = copyOfWorkTree(top);
  let [held, wrong] = [0, 0];
  process.stdout.write(`\n## Node ${node.version}${user.uid ? `, as user ${user.uid}` : ""}\n\n`);
  process.stdout.write("| page and line | command | |\n| --- | --- | --- |\n");

  const steps = ["npm start", "npm run pack"].map((text, line) => ({ line, text: `${text}\n` }));
  await show("a fresh clone", (place, options) => runSteps({ ...place, folder: clone }, steps, options));
  for (const page of Object.keys(PAGES))
    await show(page, (place, options) => followPage(page, place, options));
  return { wrong, text: `Node ${node.version}: ${held} held, ${wrong} did not` };

  /** Runs the steps of a page in a place of its own and prints their rows. */
  async function show(page, run) {
    const place = placeFor(folder(top, page.replaceAll(/\W/g, " ")), clone, node.path);
    let ran;
    try {
      ran = await run(place, { onStart });
    } catch (error) {
      ran = [{ line: 0, text: "the whole page", wrong: "an early end", output: String(error) }];
    }
    for (const step of ran) {
      if (step.wrong === "") held += 1;
      else wrong += 1;
      const [first = ""] = step.saves ? [`saves ${step.saves}`] : step.text.trim().split("\n");
      const result = step.wrong === "" ? "held" : `DID NOT HOLD: ${step.wrong}`;
      process.stdout.write(`| ${page}:${step.line} | \`${first.replaceAll("|", "\\|")}\` | ${result} |\n`);
      if (step.wrong !== "") process.stdout.write(`\n${step.output}\n\n`);
    }
  }
}

/** The code of the tests, so that script and tests mean the same by following a page. */
async function pages() {
  const outfile = join(scratch, "follow.mjs");
  const entry = 'export { followPage, runSteps } from "./follow.ts"; export { PAGES } from "./pages.ts";';
  const stdin = {
    contents: entry,
    resolveDir: join(root, "test/e2e/docs"),
    loader: /** @type {const} */ ("ts"),
  };
  await build({ stdin, bundle: true, format: "esm", platform: "node", target: "node20", outfile });
  return import(pathToFileURL(outfile).href);
}

/** Fetches a version of Node as the user who follows the pages. */
function nodeOf(version, top) {
  const args = ["--yes", "-p", `node@${version}`, "-c", "node -p process.execPath+process.version"];
  const env = placeFor(top, "", "").env;
  const printed = execFileSync("npx", args, { cwd: top, env, encoding: "utf8", ...user }).trim();
  const [, path = "", found = ""] = /^(.*)(v\d+\.\d+\.\d+)$/m.exec(printed) ?? [];
  if (!found.startsWith(`v${version}`)) throw new Error(`no Node ${version}: npx found ${printed}`);
  return { path: dirname(path), version: found };
}

/** What a clone of the work tree would have: every file that is not ignored. */
function copyOfWorkTree(top) {
  const clone = folder(top, "ein Klon");
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 2 ** 20 });
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
  for (const file of listed.stdout
    .split("\0")
    .filter((name) => name !== "" && existsSync(join(root, name)))) {
    const parts = file.split("/").slice(0, -1);
    parts.reduce((parent, name) => folder(parent, name), clone);
    copyFileSync(join(root, file), join(clone, file));
    own(join(clone, file));
  }
  return clone;
}

/** A home and an empty folder below `top`, and the environment of somebody who works there. */
function placeFor(top, clone, nodeFolder) {
  const home = folder(top, "home");
  const { PATH = "" } = process.env;
  const network = NETWORK.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const env = {
    ...Object.fromEntries(network),
    PATH: [nodeFolder, PATH].filter(Boolean).join(delimiter),
    HOME: home,
    LANG: "C.UTF-8",
    CLONE: clone,
    npm_config_registry: registry,
    npm_config_prefix: folder(home, "prefix"),
    // Of the strangers alone, and the same for all of them, so that nothing is fetched twice.
    npm_config_cache: folder(scratch, "npm cache"),
    npm_config_update_notifier: "false",
  };
  return { home, folder: folder(top, "mein Projekt"), clone, env, ...user };
}

/** A folder that belongs to the user who follows the pages. */
function folder(parent, name) {
  const path = join(parent, name);
  if (!existsSync(path)) own((mkdirSync(path), path));
  return path;
}

function own(path) {
  if (user.uid !== undefined) lchownSync(path, user.uid, user.gid);
}

/** @param {() => void} end */
function onStart(end) {
  running.add(end);
  setTimeout(() => end(), PAGE_MS).unref();
}

function leave() {
  for (const end of running) end();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
