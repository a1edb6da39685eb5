// Checks the shape of what would be published. That a stranger can install and use it is what test/e2e/docs shows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

for (const name of ["sdk", "audit", "builtins", "host", "metrics", "cli"]) {
  run("npx", ["--yes", "publint@0.3.25", "--strict", "--pack", "npm"], join(root, "packages", name));
}
run("npx", ["--yes", "knip@6.44.2"], root);

run(process.execPath, [join(root, "scripts", "pack.mjs")], root);
const stranger = mkdtempSync(join(tmpdir(), "synaps-stranger-"));
try {
  const tarballs = readdirSync(join(root, "artifacts")).map((file) => join(root, "artifacts", file));
  // The packages are ES modules; the command has no types to look at.
  for (const tarball of tarballs.filter((file) => !/synaps-cli-/.test(file)))
    run("npx", ["--yes", "@arethetypeswrong/cli@0.18.5", "--profile", "esm-only", tarball], stranger);
} finally {
  rmSync(stranger, { recursive: true, force: true });
}

/**
 * Runs a command, and fails if it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  const shell = process.platform === "win32";
  const { status, signal } = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    shell,
  });
  if (status === 0) return;
  process.stderr.write(`check-packages: ${command} ${args.join(" ")} ended with ${signal ?? status}\n`);
  process.exit(1);
}
