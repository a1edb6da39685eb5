// Mutation testing of the policy code. Stryker is large, so it is fetched when asked for and stands beside the
// workspace's packages, where it finds the workspace's own vitest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Last line that runs on Node 20.
const STRYKER = "9.6.1";
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const home = join(root, "node_modules", ".mutation");
const bin = join(home, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");

if (!existsSync(bin)) {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  const packages = ["core", "vitest-runner"].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
  // Stryker reads tsconfig files through the compiler's JavaScript API, which TypeScript 7 no longer has.
  packages.push("typescript@6.0.3");
  run("npm", ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", ...packages], home);
}
run(
  process.execPath,
  [bin, "run", join("test", "mutation", "stryker.config.json"), ...process.argv.slice(2)],
  root,
);

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) process.exit(status ?? 1);
}
