// Runs the end-to-end tests on the Node that runs this, after making sure that it is the expected one. The soaks are left
// out: they take minutes, and the whole suite runs them beside everything else. The pages are followed on Node 20 only, the
// messages about broken extensions are compared there, and the example programs run there.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const [expected] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

process.stdout.write(`${process.version}\n`);
if (expected && process.versions.node.split(".")[0] !== expected) {
  process.stderr.write(`run-e2e: expected Node ${expected}, this is ${process.version}\n`);
  process.exit(1);
}
const LEFT_OUT = [
  /\/soaks\.test\.ts$/,
  // A minute of looking at running hosts: the workflow runs them on this Node, too.
  /^test\/e2e\/cli\/control-[^/]*$/,
  /^test\/e2e\/docs\//,
  /^test\/e2e\/authors\//,
  /^test\/e2e\/examples\//,
];
const at = join(root, "test", "e2e");
// Named one by one: an `--exclude` of the command does not reach the projects of the configuration.
const files = readdirSync(at, { recursive: true, encoding: "utf8" })
  .map((name) => `test/e2e/${name.split(sep).join("/")}`)
  .filter((name) => name.endsWith(".test.ts") && !LEFT_OUT.some((pattern) => pattern.test(name)));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--root", root, ...files], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
