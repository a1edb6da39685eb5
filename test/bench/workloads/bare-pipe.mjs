import { startSdk } from "../contestants/ours.mjs";
import { JSON_PIPE, startJsonPipe } from "../contestants/json-pipe.mjs";
import { eventOf, eventOfObjects, SIZES } from "../lib/payload.mjs";
import { interleave, median, timeCalls } from "../lib/rounds.mjs";
import { atMost, fixed, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "bare-pipe";

const KINDS = { before: "before_tool_call" };
const PARSE = "JSON.parse of the event";
const THROUGH = "ours, intercept";
const OURS = "ours, SDK child";
const PLAN = [
  { what: "300 B", event: eventOf(SIZES["300 B"]), rounds: 60, calls: 1_000, bound: 1.15 },
  { what: "32 KB", event: eventOf(SIZES["32 KB"]), rounds: 40, calls: 150, bound: 1.15 },
  { what: "1 MB, one string", event: eventOf(SIZES["1 MB"]), rounds: 25, calls: 15, bound: 1.3 },
  { what: "1 MB, 20,000 objects", event: eventOfObjects(20_000), rounds: 25, calls: 10, bound: 1.3 },
];

/** A gate through `emit` against JSON over a pipe by hand, and beside it how much `intercept` adds by parsing back. */
export async function run({ rounds, log }) {
  const pipe = startJsonPipe();
  const ours = await startSdk();
  const tables = [];
  const shows = [];
  for (const { what, event, rounds: usual, calls, bound } of PLAN) {
    log(`gates of ${what} against the ${JSON_PIPE}`);
    const text = JSON.stringify(event);
    const { kind: _, ...rest } = event;
    const calling = {
      [JSON_PIPE]: () => pipe.call(event),
      [OURS]: () => ours.call(event),
      [THROUGH]: () => ours.host.intercept(KINDS, rest, () => "", { chain: "first_decision" }),
      [PARSE]: async () => void JSON.parse(text),
    };
    const contestants = Object.entries(calling).map(([one, call]) => ({
      name: one,
      measure: () => timeCalls(call, calls),
    }));
    await interleave(contestants, 2);
    const samples = await interleave(contestants, Math.max(5, rounds ?? usual));
    const middle = (one) => samples.of(one, median).median;
    const parsing = (middle(THROUGH) - middle(OURS)) / middle(PARSE);
    tables.push(rowsOf(what, text, contestants, samples, parsing));
    const ratio = samples.ratio(OURS, JSON_PIPE, median);
    shows.push(atMost(`p1 ${what}`, `gate of ${what} against the ${JSON_PIPE}, p50`, ratio, bound));
  }
  pipe.stop();
  await ours.stop();
  return { title: "Gates against a bare JSON pipe", tables, shows };
}

function rowsOf(what, text, contestants, samples, parsing) {
  const rows = contestants.map(({ name: one }) => {
    const { p50, p99, calls } = samples.pooled(one);
    const ratio = ratioText(samples.ratio(one, JSON_PIPE, median));
    return [one, microseconds(p50), microseconds(p99), ratio, calls];
  });
  rows.push(["what intercept adds, in times of JSON.parse", fixed(parsing), "", "", ""]);
  const columns = ["contestant", "p50", "p99", `p50 / ${JSON_PIPE}, middle half of rounds`, "calls"];
  return table(`One event of ${what} (${text.length.toLocaleString("en-US")} bytes)`, columns, rows);
}
