// Runs the example programs one after the other, as a person would, and ends with a line for each. Fails if one of them fails.
// Arguments are the names of those to run; none runs all.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const EXAMPLES = ["gateway", "proxy", "relay", "agent"];
const named = process.argv.slice(2);
const unknown = named.find((name) => !EXAMPLES.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`examples: there is no example '${unknown}': name ${EXAMPLES.join(", ")}\n`);
  process.exit(2);
}

/** @type {string[]} */
const lines = [];
let failed = false;
for (const name of named.length > 0 ? named : EXAMPLES) {
  const main = join(root, "examples", name, "dist", "main.js");
  if (!existsSync(main)) {
    process.stderr.write(`examples: '${name}' is not built: run \`npm run build\`\n`);
    process.exit(2);
  }
  process.stdout.write(`\n== ${name} ${"=".repeat(Math.max(0, 96 - name.length))}\n\n`);
  const begun = performance.now();
  const { status, signal } = spawnSync(process.execPath, [main], { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  // A signal to the whole terminal is for this program, too.
  if (signal === "SIGINT" || status === 130 || status === 143) process.exit(status ?? 130);
  const ended = status === 0 ? "every kind fired and was seen" : `failed with ${signal ?? `code ${status}`}`;
  lines.push(`${name.padEnd(8)}  ${ended} (${seconds} s)`);
  failed ||= status !== 0;
}
process.stdout.write(`\n${lines.join("\n")}\n`);
process.exitCode = failed ? 1 : 0;
