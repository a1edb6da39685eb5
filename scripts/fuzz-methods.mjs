// Real extensions answer, tell and ask at random, in protocols 1 to 3: nothing may throw, hang or grow in the host.
//     node scripts/fuzz-methods.mjs [--count 1000000 messages] [--seed N] [--handshakes 200]
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parseArgs } from "node:util";
import { handshakes, round } from "../test/fuzz/methods/drive.mjs";

const MOST_GROWTH_MB = 64;
/** Rounds until the heap has its usual size. */
const WARM_UP = 3;
const HANDSHAKES_AT_ONCE = 20;
/** A short run looks at everything once; a long one floods, with many extensions since each is braked by itself. */
const SHORT = { extensions: 4, bursts: 1, burst: 400 };
const LONG = { extensions: 12, bursts: 4, burst: 1_000 };
const LONG_FROM = 100_000;

const text = /** @type {const} */ ({ type: "string" });
const { values } = parseArgs({ options: { count: text, seed: text, handshakes: text } });
const count = Number(values.count ?? 1_000_000);
const seed = Number(values.seed ?? 1 + Math.floor(Math.random() * 1e6));
const size = count < LONG_FROM ? SHORT : LONG;
const started = performance.now();
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

let at = "the start";
for (const event of ["uncaughtException", "unhandledRejection", "warning"]) {
  process.on(event, (error) =>
    fail(`${event} in ${at}: ${error instanceof Error ? error.stack : String(error)}`),
  );
}
const totals = { seed, messages: 0, rounds: 0, handshakes: 0, memory_mb: 0, growth_mb: 0 };
let first;
try {
  while (totals.handshakes < Number(values.handshakes ?? 200)) {
    at = `handshakes of seed ${seed + totals.handshakes}`;
    const many = Math.min(HANDSHAKES_AT_ONCE, Number(values.handshakes ?? 200) - totals.handshakes);
    totals.handshakes += await handshakes({ seed: seed + totals.handshakes, count: many });
  }
  while (totals.messages < count) {
    at = `round ${totals.rounds}`;
    totals.messages += await round({ seed: seed + totals.rounds, ...size });
    totals.rounds += 1;
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    totals.memory_mb = Math.round((heapUsed + arrayBuffers) / 2 ** 20);
    if (totals.rounds === WARM_UP) first = totals.memory_mb;
    totals.growth_mb = first === undefined ? 0 : totals.memory_mb - first;
    if (totals.growth_mb > MOST_GROWTH_MB)
      fail(`memory grew by ${totals.growth_mb} MB in ${totals.rounds} rounds`);
    process.stderr.write(`fuzz: ${totals.messages} messages, ${totals.memory_mb} MB\n`);
  }
} catch (error) {
  fail(`${at}: ${error instanceof Error ? error.stack : String(error)}`);
}
const seconds = Math.round((performance.now() - started) / 100) / 10;
process.stdout.write(`${JSON.stringify({ ...totals, seconds }, null, 2)}\n`, () => process.exit(0));

function fail(what) {
  process.stderr.write(
    `fuzz: ${what}\nreplay: node scripts/fuzz-methods.mjs --seed ${seed} --count ${count}\n`,
  );
  process.exit(1);
}
