// Checks what would be published: the shape of each package, and that a stranger can install and use the tarballs.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

for (const name of ["sdk", "host", "cli"]) {
  run("npx", ["--yes", "publint@0.3.25", "--strict", "--pack", "npm"], join(root, "packages", name));
}
run("npx", ["--yes", "knip@6.44.2"], root);

run(process.execPath, [join(root, "scripts", "pack.mjs")], root);
const stranger = mkdtempSync(join(tmpdir(), "synaps-stranger-"));
try {
  writeFileSync(join(stranger, "package.json"), '{ "private": true, "type": "module" }\n');
  const tarballs = readdirSync(join(root, "artifacts")).map((file) => join(root, "artifacts", file));
  // The packages are ES modules; the command has no types to look at.
  for (const tarball of tarballs.filter((file) => !/synaps-cli-/.test(file)))
    run("npx", ["--yes", "@arethetypeswrong/cli@0.18.5", "--profile", "esm-only", tarball], stranger);
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs], stranger);
  cpSync(join(root, "docs", "examples", "embed.mjs"), join(stranger, "embed.mjs"));
  cpSync(join(root, "extensions", "shell-guard"), join(stranger, "extensions", "shell-guard"), {
    recursive: true,
  });
  const said = run(process.execPath, ["embed.mjs"], stranger, "pipe");
  if (!said.startsWith("block ")) fail(`the embedders' example printed: ${said}`);
  run("npx", ["--no-install", "synaps-ext", "list", "--extensions-dir", "extensions"], stranger);
} finally {
  rmSync(stranger, { recursive: true, force: true });
}

/**
 * Runs a command, fails if it fails, and returns its output if it was asked for.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {"inherit" | "pipe"} [stdout]
 */
function run(command, args, cwd, stdout = "inherit") {
  const windows = process.platform === "win32";
  const done = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", stdout, "inherit"],
    encoding: "utf8",
    shell: windows,
  });
  if (done.status !== 0) fail(`${command} ${args.join(" ")} ended with ${done.signal ?? done.status}`);
  return done.stdout ?? "";
}

function fail(message) {
  process.stderr.write(`check-packages: ${message}\n`);
  process.exit(1);
}
