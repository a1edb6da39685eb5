// The memory of extensions at a size: node test/bench/memory/run.mjs [--records n] [--appends n] [--kill n]
import { spawnSync } from "node:child_process";
import { appendFile, mkdirSync, mkdtempSync, renameSync, copyFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs, promisify } from "node:util";
import { nullLogger } from "../../../packages/host/dist/logger.js";
import { MemoryStore } from "../../../packages/host/dist/surfaces/memory/store.js";
import { killAtRandom } from "./kill.mjs";
import { START_MS, STEP_MS, writeRecords } from "./records.mjs";

const options = /** @type {const} */ ({
  records: { type: "string" },
  appends: { type: "string" },
  kill: { type: "string" },
  json: { type: "string" },
});
const { values } = parseArgs({ options });
const RECORDS = Number(values.records ?? 1_000_000);
const APPENDS = Number(values.appends ?? 4_000);
const KILLED = Number(values.kill ?? 100_000);

const base = mkdtempSync(join(tmpdir(), "synaps-memory-"));
const path = join(base, "memory", "bench.jsonl");
const MIDDLE_MS = START_MS + (RECORDS / 2) * STEP_MS;
/** @type {any} */
const report = { records: RECORDS };

const QUERIES = [
  ["tag, common", { tag_prefix: "project:p17" }],
  ["tag, one day of many", { tag_prefix: "day:42" }],
  ["tag, none", { tag_prefix: "project:zz" }],
  ["time, one moment in the middle", { since_ms: MIDDLE_MS, until_ms: MIDDLE_MS + 400 }],
  ["time, before a moment", { until_ms: MIDDLE_MS }],
  ["substring, in every few", { content_contains: "Vuk" }],
  ["substring, one in 10,000", { content_contains: "quetzal", limit: 1_000 }],
  ["substring, none", { content_contains: "xylophone" }],
  ["substring, common parts, none", { content_contains: "so wo fo up si" }],
  ["substring of two letters, none", { content_contains: "qx" }],
];

try {
  mkdirSync(join(base, "memory"));
  writeRecords(path, RECORDS, "bench");
  const store = new MemoryStore(base, "bench", nullLogger);
  report.cold = await build(store);
  report.queries = [];
  for (const [name, query] of QUERIES) report.queries.push(await compare(store, name, query));
  report.foreign = await foreignLine(store);
  report.rebuild = await rebuild(store);
  await store.close();
  report.append = await appends();
  if (KILLED > 0) report.kill = await killAtRandom(join(base, "killed"), KILLED);
  print(report);
  if (typeof values.json === "string") writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(base, { recursive: true, force: true });
}

/** The first query reads all of the file. */
async function build(store) {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const ms = await timed(() => store.query({ limit: 1 }));
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  globalThis.gc?.();
  const after = process.memoryUsage();
  const bytes = after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed;
  const [p99StallMs, longestStallMs] = [delay.percentile(99) / 1e6, delay.max / 1e6];
  return { ms, cpuMs: (user + system) / 1_000, p99StallMs, longestStallMs, bytesPerRecord: bytes / RECORDS };
}

/** The file is replaced by a copy of itself, so that nothing known of it counts any more. */
async function rebuild(store) {
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
  return { ms: await timed(() => store.query({ limit: 1 })) };
}

async function compare(store, name, query) {
  const ours = [];
  const lines = [];
  const grep = [];
  let found = 0;
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 7; n += 1)
      ours.push(await timed(async () => (found = (await store.query(query)).length)));
    let same = 0;
    lines.push(await timed(async () => (same = (await linear(query)).length)));
    if (same !== found) throw new Error(`${name}: ${found} found, ${same} by reading each line`);
    if (query.content_contains)
      grep.push(await timed(() => spawnSync("grep", ["-c", "-F", query.content_contains, path])));
  }
  const result = { name, found, ms: median(ours), linearMs: median(lines) };
  return {
    ...result,
    times: result.linearMs / result.ms,
    ...(grep.length > 0 ? { grepMs: median(grep) } : {}),
  };
}

async function linear({ content_contains, tag_prefix, since_ms = 0, until_ms = Infinity, limit = 50 }) {
  const wanted = content_contains?.toLowerCase();
  const found = [];
  for (const line of (await readFile(path, "utf8")).split("\n")) {
    if (line === "") continue;
    const record = JSON.parse(line);
    if (record.timestamp_ms < since_ms || record.timestamp_ms > until_ms) continue;
    if (tag_prefix !== undefined && !record.tags.some((tag) => tag.startsWith(tag_prefix))) continue;
    if (wanted !== undefined && !record.content.toLowerCase().includes(wanted)) continue;
    found.push(record);
  }
  return found.reverse().slice(0, limit);
}

async function foreignLine(store) {
  const record = { namespace: "bench", timestamp_ms: Date.now(), content: "put there by a shell", tags: [] };
  const script = 'printf "%s\\n" "$1" >> "$2"';
  spawnSync("sh", ["-c", script, "sh", JSON.stringify(record), path]);
  let found = [];
  const ms = await timed(async () => (found = await store.query({ content_contains: "BY A SHELL" })));
  return { found: found.length, ms };
}

/** Ours and the bare call in turns, each on a file of its own, both awaited one by one. */
async function appends() {
  const bare = promisify(appendFile);
  const store = new MemoryStore(base, "appends", nullLogger);
  const ours = [];
  const plain = [];
  for (let n = 0; n < APPENDS; n += 1) {
    const record = {
      namespace: "appends",
      timestamp_ms: START_MS + n,
      content: "x".repeat(100 + (n % 50)),
      tags: ["a:b"],
    };
    const ourTurn = async () => ours.push(await timed(() => store.append(record)));
    const line = `${JSON.stringify(record)}\n`;
    const plainTurn = async () => plain.push(await timed(() => bare(join(base, "plain.jsonl"), line)));
    for (const turn of n % 2 === 0 ? [ourTurn, plainTurn] : [plainTurn, ourTurn]) await turn();
  }
  await store.close();
  return { ms: median(ours), plainMs: median(plain), times: median(ours) / median(plain) };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

function print({ cold, rebuild: again, queries, foreign, append, kill }) {
  const n = (value, digits = 2) => value.toFixed(digits);
  const say = (line) => void process.stdout.write(`${line}\n`);
  say(`${RECORDS} records`);
  say(
    `first query ${n(cold.ms, 0)} ms (${n(cold.cpuMs, 0)} ms of processor), index ${n(cold.bytesPerRecord, 1)} bytes a record`,
  );
  say(
    `  the loop stood still for ${n(cold.longestStallMs, 1)} ms at most, 99 of 100 times below ${n(cold.p99StallMs, 1)} ms`,
  );
  say(`rebuild after a replaced file ${n(again.ms, 0)} ms`);
  for (const { name, ms, linearMs, times, found, grepMs } of queries) {
    const grep = grepMs === undefined ? "" : `  grep -F ${n(grepMs, 0)} ms`;
    say(
      `${name.padEnd(34)} ${n(ms).padStart(8)} ms  each line ${n(linearMs, 0)} ms  ${n(times, 0)} times  ${found} found${grep}`,
    );
  }
  say(`a line of another program: ${foreign.found} found, ${n(foreign.ms)} ms`);
  say(
    `append ${n(append.ms * 1_000, 0)} us, bare fs.appendFile ${n(append.plainMs * 1_000, 0)} us: ${n(append.times)} times`,
  );
  if (kill) say(`killed ${kill.kills} times in ${kill.acknowledged} acknowledged appends: ${kill.lost} lost`);
}
