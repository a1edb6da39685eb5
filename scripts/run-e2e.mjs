// Runs the end-to-end tests whose subject depends on the version of Node, on the Node that runs this, after making sure that
// it is the expected one: how programs and extensions are started, signalled and ended; their streams, sockets and files; the
// terminal; the agent that comes along. Left out is what a newer Node cannot change: the wording, parsing and tables of the
// command, decisions of the host once a message has come in, the pages, and long soaks. All of that runs on Node 20 with the
// same built files, and the workflow runs the whole suite on each line of Node.
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
  // Minutes of waiting for memory to grow, and a large log that is checked.
  /^test\/e2e\/(?:reaper\/soaks|audit\/size|streams\/books|response-cache\/load)\./,
  // What a command says, understands and lists. Starting, stopping, pipes, signals and the terminal stay.
  /^test\/e2e\/cli\/(?:approve|catalogs|diff|disable|event-lines|fields|inspect|places|providers|tools)\./,
  /^test\/e2e\/cli\/(?:agents-test|audit|config|config-limits|control-\w+|host-config|invoke|memory|public-plugins)\./,
  /^test\/e2e\/cli\/(?:run-audit|run-lines|validate)\./,
  // What the host decides, whoever answers it.
  /^test\/e2e\/(?:defects|security-validator)\//,
  /^test\/e2e\/faults\/(?:breaker|breaker-window|closed-guards|habits-page|poison|quarantine)\./,
  /^test\/e2e\/host\/(?:bad-manifests|bus-\w+|catalog[\w-]*|config[\w-]*|decisions|discovery|fields|injected-markers)\./,
  /^test\/e2e\/host\/(?:memory|operation-actions|payload[\w-]*|raised-events|stand-in|trace|transcripts|trust)\./,
  // Pages and their programs.
  /^test\/e2e\/(?:authors|docs|examples)\//,
  /^test\/e2e\/(?:extensions\/demos|response-cache\/demo)\./,
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
  // Half of the kills: their number is for rare moments, which are the same on Node 20.
  env: { ...process.env, SYNAPS_AUDIT_KILLS: process.env.SYNAPS_AUDIT_KILLS ?? "4" },
});
process.exit(status ?? 1);
