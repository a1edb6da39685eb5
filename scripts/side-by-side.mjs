// Runs commands at the same time, as many as there are processors, and prints what each said once it has ended, so that lines of
// two do not mix.
//     node scripts/side-by-side.mjs "npm run lint" "npm run format:check"
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {readonly string[]} args
 * @property {string} [cwd]
 */

/**
 * Runs all of them, also after one has failed. Resolves with those that failed, as lines that say how.
 * @param {readonly Command[]} commands
 * @returns {Promise<string[]>}
 */
export async function sideBySide(commands) {
  const left = [...commands];
  /** @type {string[]} */
  const failed = [];
  await Promise.all(
    Array.from({ length: Math.max(2, availableParallelism()) }, async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const { ended, output } = await run(next);
        const line = [next.program, ...next.args].join(" ");
        process.stdout.write(`-- ${line}\n${output}`);
        if (ended !== 0) failed.push(`${line} ended with ${ended}`);
      }
    }),
  );
  return failed;
}

/**
 * @param {Command} command
 * @returns {Promise<{ ended: number | string, output: string }>}
 */
function run({ program, args, cwd }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ ended: error.message, output }));
    child.on("close", (code, signal) => resolve({ ended: code ?? signal ?? "nothing", output }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const commands = process.argv.slice(2).map((line) => {
    const [program = "", ...args] = line.split(" ");
    return { program, args };
  });
  const failed = await sideBySide(commands);
  for (const line of failed) process.stderr.write(`side-by-side: ${line}\n`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
