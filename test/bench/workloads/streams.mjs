import { startHost } from "../contestants/ours.mjs";
import { eventOf } from "../lib/payload.mjs";
import { interleave } from "../lib/rounds.mjs";
import { atLeast, atMost, perSecond, ratioText, table } from "../lib/tables.mjs";

export const name = "streams";

/** Items under way: below every bound, so nothing may be dropped. */
const WINDOW = 1_000;
const ITEMS = 10_000;
const SESSIONS = 1_000;
const OBSERVED = "observed events";
const SINGLE = "a stream of one session";
const MANY = `a stream of ${SESSIONS} sessions`;
const PROGRAM = `a stream of ${SESSIONS} sessions into the program`;
const BESIDE = "the same beside a session that never answers";

/** Items of a stream in one session and in 1,000, beside plain observers; and beside a session that never answers. */
export async function run({ rounds, log }) {
  const host = await startHost({ one: { hooks: ["bench.observe", "bench.stream"] } });
  const faults = { lost: 0 };
  const program = (event) => (event.session_id === "held" ? new Promise(() => {}) : undefined);
  for (const kind of ["bench.free", "bench.held"]) host.subscribe(kind, program);
  const many = (n) => `s${n % SESSIONS}`;
  const stream = (kind, session) => () => itemsASecond(host, kind, session, faults);
  const contestants = [
    { name: OBSERVED, measure: stream("bench.observe", () => "s") },
    { name: SINGLE, measure: stream("bench.stream", () => "s") },
    { name: MANY, measure: stream("bench.stream", many) },
    { name: PROGRAM, measure: stream("bench.free", many) },
    {
      name: BESIDE,
      measure: () => {
        void host.emit({ ...eventOf(240, "bench.held"), session_id: "held" });
        return stream("bench.held", many)();
      },
    },
  ];
  log("streams");
  await interleave(contestants, 1);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 9));
  await host.stop();
  const rows = contestants.map(({ name: one }) => [
    one,
    perSecond(samples.of(one).median),
    ratioText(samples.ratio(one, OBSERVED)),
  ]);
  return {
    title: "Streams",
    tables: [
      table(
        `300 B, ${WINDOW} under way, one subscriber`,
        ["delivery", "items", "against observed events"],
        rows,
      ),
    ],
    plots: [],
    shows: [
      atLeast("12a", `items a second of ${SESSIONS} sessions against one`, samples.ratio(MANY, SINGLE), 1),
      atLeast("12b", "the same beside a session that never answers", samples.ratio(BESIDE, PROGRAM), 0.8),
      atMost("12c", "items dropped or lost", { median: faults.lost, low: 0, high: 0 }, 0),
    ],
  };
}

/** Items a second from the first emit to the last answer. */
async function itemsASecond(host, kind, session, faults) {
  const { tool_input, tool_name } = eventOf(240, kind);
  let sent = 0;
  let open = 0;
  const from = performance.now();
  /** @type {Promise<void>} */
  const all = new Promise((resolve) => {
    const pump = () => {
      while (open < WINDOW && sent < ITEMS) {
        open += 1;
        sent += 1;
        const event = { kind, tool_name, tool_input, session_id: session(sent), data: { seq: sent } };
        void host.emit(event).then(({ settled }) => settled.then(done));
      }
    };
    const done = ({ votes }) => {
      open -= 1;
      if (votes[0].status !== "voted") faults.lost += 1;
      if (sent === ITEMS && open === 0) resolve();
      else if (open <= WINDOW / 2) pump();
    };
    pump();
  });
  await all;
  return (ITEMS / (performance.now() - from)) * 1000;
}
