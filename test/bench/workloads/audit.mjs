import { fork } from "node:child_process";
import { once } from "node:events";
import { CHILD_ENV, child } from "../lib/places.mjs";
import { interleave } from "../lib/rounds.mjs";
import { microseconds, perSecond, ratioText, table } from "../lib/tables.mjs";

export const name = "audit";

const GATES = 5_000;
const WARM_UP = 2_000;
/** Options of the audit; `null` is none. */
const MODES = {
  off: null,
  queue: {},
  "queue, chain": { chain: true },
  before_answer: { durability: "before_answer" },
  "before_answer, chain": { durability: "before_answer", chain: true },
};

/** Gates of hosts that write each decision down, in each way in which they can, against one that does not. */
export async function run({ rounds, log }) {
  log("audit: gates with and without a line for each decision");
  const hosts = await Promise.all(Object.entries(MODES).map(start));
  for (const host of hosts) await host.measure(WARM_UP);
  const contestants = hosts.map(({ name: mode, measure }) => ({ name: mode, measure: () => measure(GATES) }));
  const samples = await interleave(contestants, rounds ?? 9);
  for (const host of hosts) host.stop();
  const figure = (of) => (block) => block[of];
  const of = (mode, what) => samples.of(mode, figure(what)).median;
  const ratio = (mode, what) => ratioText(samples.ratio(mode, "off", figure(what)));
  const rows = Object.keys(MODES).map((mode) => [
    mode,
    microseconds(of(mode, "cpu")),
    ratio(mode, "cpu"),
    microseconds(of(mode, "p50")),
    ratio(mode, "p50"),
    microseconds(of(mode, "p99")),
    ratio(mode, "p99"),
  ]);
  const pipelined = Object.keys(MODES).map((mode) => [
    mode,
    perSecond(of(mode, "rate")),
    ratio(mode, "rate"),
    String(Math.max(...samples.blocks(mode).map(figure("lost")))),
  ]);
  const count = GATES.toLocaleString("en-US");
  return {
    title: "The audit",
    tables: [
      table(
        `${count} gates of 300 B in each round, one after the other, each host in a process of its own`,
        ["audit", "host CPU of a gate", "against off", "p50", "against off", "p99", "against off"],
        rows,
      ),
      table(
        `The same, 100 under way`,
        ["audit", "gates a second", "against off", "dropped and counted"],
        pipelined,
      ),
    ],
    plots: [],
    shows: [],
  };
}

async function start([mode, options]) {
  const host = fork(child("audit-host.mjs"), [JSON.stringify(options)], { env: CHILD_ENV });
  await once(host, "message");
  return {
    name: mode,
    measure: async (/** @type {number} */ gates) => {
      host.send(gates);
      const [block] = await once(host, "message");
      return block;
    },
    stop: () => host.disconnect(),
  };
}
