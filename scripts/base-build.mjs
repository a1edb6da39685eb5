// Builds an earlier commit beside this checkout, to compare with it, and prints the folder.
//     node scripts/base-build.mjs COMMIT [--remove]
// The folder is a worktree in the system's temporary folder and is built once for each commit.
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const options = /** @type {const} */ ({ remove: { type: "boolean", default: false } });
const { values, positionals } = parseArgs({ options, allowPositionals: true });
if (positionals.length !== 1) {
  process.stderr.write("Usage: node scripts/base-build.mjs COMMIT [--remove]\n");
  process.exit(2);
}
const commit = run("git", ["rev-parse", "--verify", `${positionals[0]}^{commit}`], root).trim();
const folder = join(realpathSync(tmpdir()), `synaps-base-${commit.slice(0, 12)}`);

if (values.remove) {
  if (existsSync(folder)) run("git", ["worktree", "remove", "--force", folder], root);
} else {
  // A worktree whose folder was deleted by hand is forgotten first.
  run("git", ["worktree", "prune"], root);
  if (!existsSync(folder)) run("git", ["worktree", "add", "--detach", folder, commit], root);
  run(process.execPath, [join("scripts", "bootstrap.mjs")], folder);
  process.stdout.write(`${folder}\n`);
}

function run(command, args, cwd) {
  const done = spawnSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (done.status === 0) return done.stdout;
  process.stderr.write(`base-build: ${command} ${args.join(" ")} failed\n`);
  process.exit(1);
}
