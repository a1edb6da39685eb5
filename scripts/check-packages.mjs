// Checks the shape of what would be published. That a stranger can install and use it is what test/e2e/docs shows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sideBySide } from "./side-by-side.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const shapes = ["sdk", "audit", "builtins", "host", "metrics", "service", "cli"].map((name) =>
  npx(["publint@0.3.25", "--strict", "--pack", "npm"], join(root, "packages", name)),
);
// One after the other where they are fetched for the first time: two at once may meet in the cache of npm.
await all(shapes.splice(0, 1));
await all([...shapes, npx(["knip@6.44.2"], root)]);

const packed = spawnSync(process.execPath, [join(root, "scripts", "pack.mjs")], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
if (packed.status !== 0) throw new Error(`pack.mjs ended with ${packed.signal ?? packed.status}`);
const stranger = mkdtempSync(join(tmpdir(), "synaps-stranger-"));
try {
  // The packages are ES modules; the command has no types to look at.
  const types = readdirSync(join(root, "artifacts"))
    .filter((file) => !/synaps-cli-/.test(file))
    .map((file) =>
      npx(["@arethetypeswrong/cli@0.18.5", "--profile", "esm-only", join(root, "artifacts", file)], stranger),
    );
  await all(types.splice(0, 1));
  await all(types);
} finally {
  rmSync(stranger, { recursive: true, force: true });
}

/**
 * @param {string[]} args
 * @param {string} cwd
 */
function npx(args, cwd) {
  return { program: "npx", args: ["--yes", ...args], cwd };
}

/** @param {import("./side-by-side.mjs").Command[]} commands */
async function all(commands) {
  const failed = await sideBySide(commands);
  if (failed.length > 0) throw new Error(`check-packages: ${failed.join("; ")}`);
}
