// Installs with a pinned pnpm when the lockfile or Node changed, then builds everything that is out of date.
// Uses Node built-ins only, because it runs before anything is installed. All its talk goes to stderr.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Last pnpm line that is plain JavaScript and runs on Node 20; its lockfile is read by 9, 10 and 12.
const PNPM = "pnpm@10.34.9";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".bootstrap");
const windows = process.platform === "win32";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.version} is too old: this workspace needs Node 20.19 or newer.`);
}

const lock = readFileSync(join(root, "pnpm-lock.yaml"));
const want = createHash("sha256").update(lock).update(process.version).digest("hex");
const have = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";

if (have !== want) {
  run(windows ? "npx.cmd" : "npx", [
    "--yes",
    PNPM,
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    "--config.confirmModulesPurge=false",
    "--config.verifyDepsBeforeRun=false",
  ]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, want);
}
run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"]);
run(process.execPath, [join(root, "scripts", "bundle-extensions.mjs")]);

function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: windows });
  if (done.error) fail(`${command} could not be started: ${done.error.message}`);
  if (done.status !== 0) fail(`${command} ${args.join(" ")} ended with ${done.signal ?? `code ${done.status}`}.`);
}

function fail(message) {
  process.stderr.write(`bootstrap: ${message}\n`);
  process.exit(1);
}
