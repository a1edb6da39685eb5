import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { CHILD_ENV, child } from "../lib/places.mjs";
import { interleave, median } from "../lib/rounds.mjs";
import { atLeast, atMost, megabytes, microseconds, perSecond, table } from "../lib/tables.mjs";

export const name = "builtins";

const EVENTS = 10_000;
const LATER = 90_000;
const MB = 1024 * 1024;
const NONE = "none";
const MODES = {
  [NONE]: "an empty hook of the program",
  rateLimit: "and the rate limit, 10,000 keys",
  allowList: "and the allow-list, 10,000 addresses",
  logging: "and log lines with outcomes",
  debugRing: "and the ring of 1,000 traces",
  metrics: "and the metrics of gateways",
  audit: "and the audit",
  "audit before_answer": "and the audit, `before_answer`",
  all: "and all of them",
};

/** Each built-in in a host of its own beside one without, with the memory of each; and what others claim of hooks. */
export async function run({ rounds, log }) {
  log("builtins: events with and without each built-in");
  const hosts = await Promise.all(Object.keys(MODES).map(start));
  const contestants = hosts.map(({ name: one, measure }) => ({ name: one, measure: () => measure(EVENTS) }));
  for (const { measure } of contestants) await measure();
  const samples = await interleave(contestants, Math.max(5, rounds ?? 5));
  const memory = {};
  for (const { name: one, measure } of hosts) memory[one] = await measure(LATER);
  for (const host of hosts) host.stop();
  const of = (mode) => ({
    p50: samples.of(mode, (block) => block.p50),
    p99: samples.of(mode, (block) => block.p99),
  });
  const rows = Object.entries(MODES).map(([mode, text]) => [
    text,
    microseconds(of(mode).p50.median),
    mode === NONE ? "" : microseconds(Math.max(0, of(mode).p50.median - of(NONE).p50.median)),
    microseconds(of(mode).p99.median),
    megabytes(memory[mode].rss),
    mode === NONE ? "" : megabytes(memory[mode].rss - memory[NONE].rss),
    mode === NONE ? "" : megabytes(memory[mode].used - memory[NONE].used),
  ]);
  const added = { rss: memory.all.rss - memory[NONE].rss, used: memory.all.used - memory[NONE].used };
  const extra = median(samples.blocks("metrics").map((block, n) => block.p50 - samples.blocks(NONE)[n].p50));
  log("builtins: what other documents claim of hooks");
  const claims = await claimed();
  return {
    title: "Built-in hooks",
    tables: [
      table(
        `${EVENTS.toLocaleString("en-US")} events in each round, each host in a process of its own; memory after 100,000 events`,
        [
          "host",
          "p50",
          "p50 above the first",
          "p99",
          "resident",
          "resident above the first",
          "heap above the first",
        ],
        rows,
      ),
      table("What other hook systems claim of theirs", ["claim", "there", "here"], claimRows(claims)),
    ],
    plots: [],
    shows: [
      inMs("14a", "ms of an event with any one built-in in memory (RustyClaw: 1)", slowest(samples), 1),
      atMost("14b", "ms that the metrics of gateways add, p50 (RustyClaw: 0.1)", point(extra / 1000), 0.1),
      inMs(
        "14c",
        "ms of an event with an audit before its answer (RustyClaw: 5)",
        of("audit before_answer"),
        5,
      ),
      {
        ...atMost("14d", "MB of heap that all of them add (RustyClaw: 6)", point(added.used / MB), 6),
        detail: `resident ${megabytes(added.rss)}, with the room that V8 keeps for garbage`,
      },
      atMost("14e", "ms to register a hook (rs-llmspell: 0.1)", point(claims.register / 1000), 0.1),
      atLeast("14f", "raised events in a second (rs-llmspell: 90,000)", point(claims.perSecond), 90_000),
    ],
  };
}

function claimRows({ one, withBreaker, tenHooks, register, hookBytes, perSecond: raised }) {
  return [
    ["one of 100 hooks is registered", "4.6 µs, target 100 µs", microseconds(register)],
    ["an event with one hook", "below 1 ms", microseconds(one)],
    ["an event with 10 hooks", "4.12 µs, called directly", microseconds(tenHooks)],
    ["a breaker asks before a hook", "500 ns", microseconds(Math.max(0, withBreaker - one))],
    ["memory of a hook", "800 B", `${Math.round(hookBytes)} B`],
    ["raised events", "above 90k/s", perSecond(raised)],
  ];
}

/** The built-in with the longest p50. */
function slowest(samples) {
  const modes = ["rateLimit", "allowList", "logging", "debugRing", "metrics"];
  const all = modes.map((mode) => ({
    p50: samples.of(mode, (block) => block.p50),
    p99: samples.of(mode, (block) => block.p99),
  }));
  return all.reduce((one, other) => (other.p50.median > one.p50.median ? other : one));
}

/** The claims name no quantile: p50 counts, because p99 is the machine's as much as ours, and stands beside it. */
function inMs(id, text, { p50, p99 }, bound) {
  const { median: middle, low, high, rounds } = p50;
  const figure = { median: middle / 1000, low: low / 1000, high: high / 1000, rounds };
  return { ...atMost(id, text, figure, bound), detail: `p99 ${microseconds(p99.median)}` };
}

function point(value) {
  return { median: value, low: value, high: value, rounds: 1 };
}

async function claimed() {
  const args = ["--expose-gc", child("hook-claims.mjs")];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: CHILD_ENV });
  return JSON.parse(stdout);
}

async function start(mode) {
  const host = fork(child("builtins-host.mjs"), [mode], { env: CHILD_ENV, execArgv: ["--expose-gc"] });
  await once(host, "message");
  return {
    name: mode,
    measure: async (/** @type {number} */ events) => {
      host.send(events);
      const [block] = await once(host, "message");
      return block;
    },
    stop: () => host.disconnect(),
  };
}
