import { startPeers } from "../contestants/peers.mjs";
import { startPython, startSdk } from "../contestants/ours.mjs";
import { spawned, startFork } from "../contestants/node.mjs";
import { startRaw, startRawPython } from "../contestants/raw.mjs";
import { eventOf, SIZES } from "../lib/payload.mjs";
import { interleave, median, timeCalls } from "../lib/rounds.mjs";
import { atMost, fixed, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "round-trip";

const PLAN = {
  "300 B": { rounds: 110, calls: 1_000 },
  "32 KB": { rounds: 15, calls: 100 },
  "1 MB": { rounds: 7, calls: 10 },
};
const OURS = "ours, SDK child";

/** One event, one child, one answer, one after the other; beside it, processes spawned for each event. */
export async function run({ rounds, log, peers }) {
  /** @type {any[]} */
  const resident = [startRaw(), startFork(), await startSdk(), await startRawPython(), await startPython()];
  if (peers) resident.push(...(await startPeers()));
  const tables = [];
  const shows = [];
  for (const [size, bytes] of Object.entries(SIZES)) {
    const { rounds: usual, calls } = PLAN[size];
    const event = eventOf(bytes);
    const contestants = resident.map((one) => block(one, event, calls));
    const small = size === "300 B";
    if (small) contestants.push(...spawned().map((one) => block(one, event, 5, { every: 20 })));
    log(`round trips of ${size}`);
    const samples = await interleave(contestants, Math.max(5, rounds ?? usual));
    tables.push(latencies(size, contestants, samples));
    if (small) shows.push(...showsOf(samples, peers));
  }
  for (const one of resident) await one.stop();
  return { title: "Round trip of a gate", tables, shows };
}

function block(contestant, event, calls, extra = {}) {
  const prepared = contestant.prepare(event);
  const call = () => contestant.call(prepared);
  return {
    name: contestant.name,
    measure: () => timeCalls(call, calls, calls === 5 ? 1 : undefined),
    ...extra,
  };
}

function latencies(size, contestants, samples) {
  const rows = contestants.map(({ name: one }) => {
    const { p50, p99, p999, calls } = samples.pooled(one);
    const ratio = samples.ratio(one, "raw pipe", median);
    return [
      one,
      microseconds(p50),
      microseconds(p99),
      calls >= 1_000 ? microseconds(p999) : "–",
      ratioText(ratio),
      calls,
    ];
  });
  const columns = ["contestant", "p50", "p99", "p99.9", "p50 / raw pipe, middle half of rounds", "calls"];
  return table(`One event of ${size}`, columns, rows);
}

function showsOf(samples, peers) {
  const p50 = (one, to) => samples.ratio(one, to, median);
  const shows = [
    atMost("1a", "gate round trip of 300 B against the raw pipe, p50", p50(OURS, "raw pipe"), 1.5),
    atMost(
      "1e",
      "a spawned `node` hook against ours, p50 (times slower, at least)",
      p50("spawned node", OURS),
      300,
      true,
    ),
    atMost(
      "7",
      "Python child through the host against the same child on a raw pipe, p50",
      p50("ours, Python child", "raw pipe to Python"),
      1.4,
    ),
  ];
  if (!peers) return shows;
  const p99 = samples.pooledRatio(OURS, "vscode-jsonrpc", 0.99);
  return [
    ...shows,
    atMost(
      "1b",
      "an MCP SDK tool call against ours, p50 (times slower, at least)",
      p50("MCP SDK", OURS),
      1.15,
      true,
    ),
    atMost(
      "1b'",
      "the same with the MCP SDK's low-level server",
      p50("MCP SDK, low level", OURS),
      1.15,
      true,
    ),
    atMost(
      "1c",
      "stock vscode-jsonrpc against ours, p50 (times slower, at least)",
      p50("vscode-jsonrpc", OURS),
      1.4,
      true,
    ),
    {
      ...atMost("1d", "p99 against stock vscode-jsonrpc's", p99, 0.6),
      detail: `95 % bootstrap interval ${fixed(p99.low)}–${fixed(p99.high)}, ${samples.pooled(OURS).calls} calls`,
    },
  ];
}
