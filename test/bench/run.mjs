// Runs the benchmark: see docs/performance.md for what is measured and how. Peers are installed by scripts/bench.mjs.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { guard } from "./guard.mjs";
import { writeDocs, writeResults } from "./lib/docs.mjs";
import { machine } from "./lib/machine.mjs";
import { BENCH, RESULTS } from "./lib/places.mjs";
import { printWorkload } from "./lib/report.mjs";
import { profileGates } from "./profile-gates.mjs";
import { soak } from "./soak.mjs";

const WORKLOADS = [
  "bare-pipe",
  "tails",
  "round-trip",
  "pipelined",
  "observe",
  "tool-calls",
  "fan-out",
  "quiet",
  "parts",
  "program-hooks",
  "metrics",
  "builtins",
  "audit",
  "streams",
  "start-up",
  "memory",
  "growth",
  "neighbours",
  "floods",
  "limits",
];

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    rounds: { type: "string" },
    base: { type: "string" },
    json: { type: "string", default: RESULTS },
    "write-docs": { type: "boolean", default: false },
    "docs-only": { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    guard: { type: "boolean", default: false },
    calibrate: { type: "boolean", default: false },
    soak: { type: "boolean", default: false },
    minutes: { type: "string", default: "5" },
    "no-peers": { type: "boolean", default: false },
  },
});

const log = (line) => process.stderr.write(`bench: ${line}\n`);
const write = (text) => process.stdout.write(text);
const unknown = values.only.filter((name) => !WORKLOADS.includes(name));
if (unknown.length > 0) {
  log(`unknown workload ${unknown.join(", ")}; known: ${WORKLOADS.join(", ")}`);
  process.exit(2);
}
if (values.guard || values.calibrate) await exit(await guard({ calibrate: values.calibrate, log, write }));

if (values.profile) await exit(await profileGates(write));

const earlier = existsSync(values.json) ? JSON.parse(readFileSync(values.json, "utf8")) : { workloads: {} };
const names = values["docs-only"]
  ? []
  : values.soak
    ? ["soak"]
    : values.only.length > 0
      ? values.only
      : WORKLOADS;
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const peers = !values["no-peers"] && existsSync(`${BENCH}/peers/node_modules/vscode-jsonrpc`);
if (!peers) log("without the peers: their figures are left out");
const base = values.base === undefined ? undefined : resolve(values.base);
if (base && !existsSync(`${base}/packages/host/dist/index.js`)) {
  log(`${base} is no built checkout: see scripts/base-build.mjs`);
  process.exit(2);
}
let fell = 0;
for (const name of names) {
  const stop = machine();
  const context = { rounds, log, peers, base, minutes: Number(values.minutes) };
  const run = name === "soak" ? soak : (await import(`./workloads/${name}.mjs`)).run;
  const result = { ...(await run(context)), machine: stop() };
  printWorkload(result, write);
  fell += result.shows.filter(({ held }) => !held).length;
  earlier.workloads[name] = result;
  // In the order of the page, however they were run.
  const order = [...WORKLOADS, "soak"].filter((one) => earlier.workloads[one]);
  earlier.workloads = Object.fromEntries(order.map((one) => [one, earlier.workloads[one]]));
  await writeResults(values.json, earlier);
}
if (values["write-docs"] || values["docs-only"]) await writeDocs(earlier);
write(`\n${fell === 0 ? "all promises held" : `${fell} fell short`}\n`);
await exit(0);

/** Ends also what a contestant left behind, but not before everything is printed. */
function exit(code) {
  return new Promise(() => process.stdout.write("", () => process.exit(code)));
}
