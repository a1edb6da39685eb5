// Installs with a pinned pnpm when the lockfile or the machine changed, then builds everything that is out of date. In a
// checkout that is built it writes nothing, so that it works where nothing may be written, and on any Node that is new enough.
// Uses Node built-ins only, because it runs before anything is installed. All its talk goes to stderr.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pnpm } from "./pnpm.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".bootstrap");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.version} is too old: this workspace needs Node 20.19 or newer.`);
}

const lock = readFileSync(join(root, "pnpm-lock.yaml"));
const want = createHash("sha256").update(lock).update(`${process.platform} ${process.arch}`).digest("hex");
const have = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";

if (have !== want) {
  const install = ["install", "--frozen-lockfile", "--prefer-offline", "--config.confirmModulesPurge=false"];
  check("pnpm install", pnpm(install, root));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, want);
}
run(join("node_modules", "typescript", "bin", "tsc"), "-b");
run(join("scripts", "prune-dist.mjs"));
run(join("scripts", "bundle.mjs"));

function run(script, ...args) {
  check(script, spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: ["ignore", 2, 2] }));
}

function check(what, done) {
  if (done.error) fail(`${what} could not be started: ${done.error.message}`);
  if (done.status !== 0) fail(`${what} ended with ${done.signal ?? `code ${done.status}`}.`);
}

function fail(message) {
  process.stderr.write(`bootstrap: ${message}\n`);
  process.exit(1);
}
