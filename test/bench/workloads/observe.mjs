import { JSON_PIPE, startJsonPipe } from "../contestants/json-pipe.mjs";
import { startBase, startHost } from "../contestants/ours.mjs";
import { eventOf } from "../lib/payload.mjs";
import { interleave } from "../lib/rounds.mjs";
import { atLeast, perSecond, ratioText, table } from "../lib/tables.mjs";

export const name = "observe";

/** Below the bound of an observer's queue, 1,024: so nothing may be lost. */
const WINDOW = 1_000;
const EVENTS = 20_000;
const HOOKS = ["bench.observe", "bench.report"];
const BASE = "the base build, protocol 3";
const PIPE = `${JSON_PIPE}, many frames in one write`;

/** A stream of events to one observer: one message for each, and batched where protocol 3 has it. */
export async function run({ rounds, log, base }) {
  const hosts = {
    "protocol 2, one message an event": await startHost({
      one: { protocol: 2, concurrency: 64, hooks: HOOKS },
    }),
    "protocol 3": await startHost({ one: { hooks: HOOKS } }),
  };
  if (base) hosts[BASE] = await startBase(base, { hooks: HOOKS });
  const pipe = startJsonPipe();
  const faults = { lost: 0, disordered: 0 };
  const contestants = Object.entries(hosts).map(([one, host]) => ({
    name: one,
    measure: () => stream(host, EVENTS, faults),
  }));
  contestants.push({ name: PIPE, measure: () => barely(pipe, EVENTS) });
  log("observe stream");
  await interleave(contestants, 1);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 9));
  for (const host of Object.values(hosts)) await host.stop();
  pipe.stop();
  const [plain, batched] = Object.keys(hosts);
  const rows = contestants.map(({ name: one }) => [
    one,
    perSecond(samples.of(one).median),
    ratioText(samples.ratio(one, plain)),
    ratioText(samples.ratio(one, PIPE)),
  ]);
  const inOrder = {
    median: faults.lost + faults.disordered,
    low: 0,
    high: 0,
    rounds: samples.of(plain).rounds,
  };
  return {
    title: "Observers",
    tables: [
      table(
        `300 B, ${WINDOW} under way, one child`,
        ["delivery", "events", "against one message an event", "against the bare JSON pipe"],
        rows,
      ),
    ],
    shows: [
      atLeast("3a", "events a second into one child, with batching", samples.of(batched), 300_000),
      ...(base
        ? [
            atLeast(
              "p5",
              "observed events a second against the base build",
              samples.ratio(batched, BASE),
              1.5,
            ),
          ]
        : []),
      {
        ...atLeast("3b", "events lost or out of order", inOrder, 0),
        held: inOrder.median === 0,
        atLeast: false,
      },
    ],
  };
}

/** The same events by hand: no queue, no deadline, no votes. */
async function barely(pipe, total) {
  const { tool_input, session_id, tool_name } = eventOf(240, "bench.observe");
  let sent = 0;
  let open = 0;
  const from = performance.now();
  /** @type {Promise<void>} */
  const all = new Promise((resolve) => {
    const pump = () => {
      while (open < WINDOW && sent < total) {
        open += 1;
        sent += 1;
        pipe.observe({ kind: "bench.observe", tool_name, tool_input, session_id, data: { seq: sent } });
      }
      pipe.flush();
    };
    pipe.onSeen((count) => {
      open -= count;
      if (sent === total && open === 0) resolve();
      else if (open <= WINDOW / 2) pump();
    });
    pump();
  });
  await all;
  return (total / (performance.now() - from)) * 1000;
}

/** Events a second from the first emit to the last answer. */
async function stream(host, total, faults) {
  const { tool_input, session_id, tool_name } = eventOf(240, "bench.observe");
  let sent = 0;
  let open = 0;
  const from = performance.now();
  /** @type {Promise<void>} */
  const all = new Promise((resolve) => {
    const pump = () => {
      while (open < WINDOW && sent < total) {
        open += 1;
        sent += 1;
        const event = { kind: "bench.observe", tool_name, tool_input, session_id, data: { seq: sent } };
        void host.emit(event).then(({ settled }) => settled.then(done));
      }
    };
    const done = ({ votes }) => {
      open -= 1;
      if (votes[0].status !== "voted") faults.lost += 1;
      if (sent === total && open === 0) resolve();
      else if (open <= WINDOW / 2) pump();
    };
    pump();
  });
  await all;
  const rate = (total / (performance.now() - from)) * 1000;
  const { content } = await host.emit({ kind: "bench.report" });
  const { seen, disorder } = JSON.parse(content);
  faults.lost += total - seen;
  faults.disordered += disorder;
  return rate;
}
