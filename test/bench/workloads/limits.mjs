import { startHost } from "../contestants/ours.mjs";
import { textOf } from "../lib/payload.mjs";
import { interleave } from "../lib/rounds.mjs";
import { atMost, fixed, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "limits";

const OVER_THE_CAP = 33 * 1024 * 1024;
const OFFERED = 5_000;

/** Too large an event, and an observer that does not keep up: bounded, counted, and nobody else's business. */
export async function run({ rounds, log }) {
  const large = await tooLarge(rounds, log);
  const slow = await slowConsumer(rounds, log);
  return {
    title: "Beyond the limits",
    tables: [...large.tables, ...slow.tables],
    shows: [...large.shows, ...slow.shows],
  };
}

async function tooLarge(rounds, log) {
  log("an event over the cap");
  const host = await startHost({ healthy: { hooks: ["bench.healthy"] }, large: { hooks: ["bench.other"] } });
  const input = { content: textOf(OVER_THE_CAP) };
  let times = 0;
  let reason;
  const counted = {
    toJSON() {
      times += 1;
      return input;
    },
  };
  const milliseconds = async (work) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  const refuse = async () => {
    const { votes } = await host.emit({ kind: "bench.other", tool_input: /** @type {any} */ (counted) });
    ({ reason } = /** @type {any} */ (votes[0]));
  };
  let length = 0;
  const contestants = [
    {
      name: "one JSON.stringify of it",
      measure: () => milliseconds(() => void (length += JSON.stringify(input).length)),
    },
    { name: "emit, refused", measure: () => milliseconds(refuse) },
  ];
  const count = Math.max(5, rounds ?? 7);
  const samples = await interleave(contestants, count);
  const after = await host.emit({ kind: "bench.healthy" });
  await host.stop();
  const [once, refused] = contestants.map((one) => one.name);
  const each = { median: times / count, low: times / count, high: times / count, rounds: count };
  const rows = [once, refused].map((one) => [
    one,
    `${fixed(samples.of(one).median)} ms`,
    ratioText(samples.ratio(one, once)),
  ]);
  const wanted = reason === "too_large" && after.votes[0].status === "voted";
  return {
    tables: [
      table(
        `An event of ${OVER_THE_CAP / 1024 / 1024} MB`,
        ["what", "took", "against one JSON.stringify"],
        rows,
      ),
    ],
    shows: [
      {
        ...atMost("9a", "times an event over the cap is serialised", each, 1),
        detail: `abstained as \`${reason}\`; the next event was ${wanted ? "answered" : "not answered"}`,
      },
    ],
  };
}

/** Five thousand events at once for one that takes 2 ms each, eight at a time: its queue holds 1,024. */
async function slowConsumer(rounds, log) {
  log("a slow observer");
  const extensions = { healthy: { hooks: ["bench.healthy"] }, slow: { hooks: ["bench.slow"] } };
  const host = await startHost(extensions);
  let overloaded = 0;
  let answered = 0;
  const call = async () => {
    const run = [];
    for (let n = 0; n < 300; n += 1) {
      const { votes } = await host.emit({
        kind: "bench.healthy",
        tool_name: "bash",
        tool_input: { command: "ls" },
      });
      const [own] = /** @type {any[]} */ (votes);
      run.push(own.queueMs + own.runMs);
    }
    return run;
  };
  const offer = async () => {
    for (let n = 0; n < OFFERED; n += 1) {
      void host.emit({ kind: "bench.slow", data: { n } }).then(async ({ settled }) => {
        const [vote] = /** @type {any} */ ((await settled).votes);
        if (vote.status === "voted") answered += 1;
        else if (vote.reason === "overloaded") overloaded += 1;
      });
      if (n % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  let atMostHeld = 0;
  const contestants = [
    { name: "alone", measure: call },
    {
      name: "beside a full queue",
      measure: async () => {
        await offer();
        const before = process.memoryUsage().heapUsed;
        const took = await call();
        atMostHeld = Math.max(atMostHeld, process.memoryUsage().heapUsed - before);
        await host.settled();
        return took;
      },
    },
  ];
  await interleave(contestants, 1);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 9));
  await host.stop();
  const rows = contestants.map(({ name: one }) => [
    one,
    microseconds(samples.pooled(one).p99 * 1000),
    ratioText(samples.pooledRatio(one, "alone", 0.99)),
  ]);
  const ratio = samples.pooledRatio("beside a full queue", "alone", 0.99);
  const detail = `${overloaded.toLocaleString("en-US")} dropped and counted, ${answered.toLocaleString("en-US")} answered`;
  return {
    tables: [
      table(
        "A healthy extension beside an observer with a full queue",
        ["healthy", "p99", "against alone"],
        rows,
      ),
    ],
    shows: [
      {
        ...atMost("9b", "healthy p99 beside an observer with a full queue, against alone", ratio, 1.5),
        detail,
      },
    ],
  };
}
