// Plays random chains of guards against the real dispatch and delivery: the property test of CI, with more of them.
//     node scripts/chains.mjs [--count 2000000] [--seed N] [--parallel 2]
// Prints the seeds. A chain that breaks a promise is printed in its smallest form, and the end is 1.
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleChains } from "./bundle-chains.mjs";

/** Chains of one process. Each process has its own seed, so that a failure is soon played again. */
const SHARE = 100_000;

const text = /** @type {const} */ ({ type: "string" });
const { values } = parseArgs({ options: { count: text, seed: text, parallel: text } });
const count = Number(values.count ?? 2_000_000);
const first = Number(values.seed ?? Date.now() % 1_000_000_000);
const shares = Array.from({ length: Math.ceil(count / SHARE) }, (_, n) => ({
  seed: first + n,
  chains: Math.min(SHARE, count - n * SHARE),
}));
const folder = mkdtempSync(join(realpathSync(tmpdir()), "synaps-chains-"));
const bundle = join(folder, "chains.mjs");
const started = performance.now();
let played = 0;
try {
  await bundleChains(bundle);
  await Promise.all(Array.from({ length: Number(values.parallel ?? 2) }, worker));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`${played} chains kept every promise, seeds from ${first}, ${seconds} s`);
if (played < count) process.exitCode = 1;

async function worker() {
  for (let share = shares.shift(); share; share = shares.shift()) {
    if (await passes(share)) {
      played += share.chains;
      console.log(`${share.chains} chains, seed ${share.seed}: passed`);
      continue;
    }
    shares.length = 0;
    console.log(`replay: node scripts/chains.mjs --count ${share.chains} --seed ${share.seed}`);
  }
}

function passes({ chains, seed }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--single-threaded-gc", bundle, String(chains), String(seed)], {
      stdio: "inherit",
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0));
  });
}
