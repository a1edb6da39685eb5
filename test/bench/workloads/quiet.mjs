import { startHost } from "../contestants/ours.mjs";
import { textOf } from "../lib/payload.mjs";
import { interleave } from "../lib/rounds.mjs";
import { atMost, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "quiet";

const CALLS = 20_000;
const SUBSCRIBERS = 5;
const SUBSCRIPTIONS = [1, 10, 100, 1000];

/** What an event costs that no extension gets: nobody subscribed, or all filters skip it. */
export async function run({ rounds, log }) {
  const extensions = {};
  for (let n = 0; n < SUBSCRIBERS; n += 1) {
    const byInput = { hook: "bench.contains", match: { input_contains: `nobody writes this ${n}` } };
    extensions[`e${n}`] = { hooks: [{ hook: "bench.other", tool: `other-${n}` }, byInput] };
  }
  const host = await startHost(extensions);
  const input = { command: textOf(950) };
  const tool_name = "bash";
  const empty = async () => {};
  let length = 0;
  const loops = {
    "an empty async function": () => empty(),
    "JSON.stringify of a 1 KB input": () => void (length += JSON.stringify(input).length),
    "emit, no subscriber": () => host.emit({ kind: "bench.nobody", tool_name, tool_input: input }),
    [`emit, ${SUBSCRIBERS} subscribers filter by tool`]: () =>
      host.emit({ kind: "bench.other", tool_name, tool_input: input }),
    [`emit, ${SUBSCRIBERS} subscribers filter by input_contains`]: () =>
      host.emit({ kind: "bench.contains", tool_name, tool_input: input }),
  };
  const contestants = Object.entries(loops).map(([one, work]) => ({
    name: one,
    measure: () => nanoseconds(work, CALLS),
  }));
  log("events that nobody gets");
  await interleave(contestants, 3);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 31));
  const [nothing, stringify, nobody, byTool, byInput] = Object.keys(loops);
  const rows = Object.keys(loops).map((one) => [
    one,
    microseconds(samples.of(one).median / 1000),
    ratioText(samples.ratio(one, nothing)),
  ]);
  const growth = await subscriptions(host, rounds, log);
  await host.stop();
  return {
    title: "Events that nobody gets",
    tables: [
      table(
        `Each of ${CALLS.toLocaleString("en-US")} awaited calls`,
        ["call", "took", "against an empty async function"],
        rows,
      ),
      ...growth.tables,
    ],
    plots: growth.plots,
    shows: [
      atMost(
        "5a",
        "emit without a subscriber against an awaited empty async function",
        samples.ratio(nobody, nothing),
        3,
      ),
      atMost(
        "5b",
        "all filtered by tool name against emit without a subscriber",
        samples.ratio(byTool, nobody),
        2,
      ),
      atMost(
        "5c",
        "all filtered by input_contains on 1 KB against one JSON.stringify of it",
        samples.ratio(byInput, stringify),
        1.5,
      ),
    ],
  };
}

async function nanoseconds(work, calls) {
  const from = process.hrtime.bigint();
  for (let n = 0; n < calls; n += 1) await work();
  return Number(process.hrtime.bigint() - from) / calls;
}

/** Subscriptions that a filter skips, made inside the program. */
async function subscriptions(host, rounds, log) {
  log("growth with subscriptions");
  const event = { kind: "bench.nobody", tool_name: "bash", tool_input: { command: "ls" } };
  /** @type {Record<number, number[]>} */
  const took = Object.fromEntries(SUBSCRIPTIONS.map((count) => [count, []]));
  for (let round = 0; round < Math.max(5, rounds ?? 7); round += 1) {
    const undo = [];
    for (const count of SUBSCRIPTIONS) {
      while (undo.length < count) {
        const id = `watcher-${undo.length}`;
        undo.push(
          host.subscribe("bench.nobody", () => ({ action: "continue" }), {
            id,
            filter: { tools: [`other-${undo.length}`] },
          }),
        );
      }
      took[count].push(await nanoseconds(() => host.emit(event), 1_000));
    }
    for (const one of undo) one();
  }
  const points = SUBSCRIPTIONS.map((count) => [
    count,
    took[count].sort((a, b) => a - b)[took[count].length >> 1] / 1000,
  ]);
  const rows = points.map(([count, us]) => [count, microseconds(us), microseconds(us / count)]);
  return {
    tables: [
      table("Subscriptions whose filter skips the event", ["subscriptions", "one emit", "for each"], rows),
    ],
    plots: [
      {
        file: "subscriptions",
        title: "Cost of one event by number of skipped subscriptions",
        x: "subscriptions",
        y: "µs",
        lines: [{ name: "filtered by tool", points }],
      },
    ],
  };
}
