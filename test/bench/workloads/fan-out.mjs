import { FAN_OUT, startHost } from "../contestants/ours.mjs";
import { eventOf, SIZES } from "../lib/payload.mjs";
import { profile } from "../lib/profile.mjs";
import { cpuMs, interleave, median, timeCalls } from "../lib/rounds.mjs";
import { atMost, fixed, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "fan-out";

const CHAINS = { sequential: "first_decision", parallel: "rewrite_then_veto" };
const LARGE = 10;

/** One event to many extensions: in turn, and as vetoes that are asked all at once. */
export async function run({ rounds, log }) {
  log("fan-out: starts 50 extensions");
  const extensions = {};
  for (let n = 0; n < Math.max(...FAN_OUT); n += 1) {
    const hooks = FAN_OUT.filter((size) => n < size).map((size) => ({
      hook: `bench.to${size}`,
      phase: "veto",
    }));
    extensions[`e${String(n).padStart(2, "0")}`] = { hooks };
  }
  const host = await startHost(extensions);
  const small = await smallEvents(host, rounds, log);
  const large = await largeEvents(host, rounds, log);
  await host.stop();
  return {
    title: "Fan-out",
    tables: [...small.tables, ...large.tables],
    plots: small.plots,
    shows: large.shows,
  };
}

const emitter = (host, n, chain, event) => async () => {
  const { votes } = await host.emit(event, { chain: CHAINS[chain] });
  if (votes.length !== n || votes.some(({ status }) => status !== "voted"))
    throw new Error(JSON.stringify(votes));
};

async function smallEvents(host, rounds, log) {
  log("fan-out of 300 B");
  const contestants = [];
  for (const n of FAN_OUT) {
    for (const chain of Object.keys(CHAINS)) {
      const call = emitter(host, n, chain, eventOf(300, `bench.to${n}`));
      const calls = Math.max(20, Math.round(400 / n));
      const measure = async () => {
        let took;
        const cpu = await cpuMs(async () => (took = await timeCalls(call, calls, 2)));
        return { took, p50: median(took), cpu: (cpu / (calls + 2)) * 1000 };
      };
      contestants.push({ name: `${n} ${chain}`, measure });
    }
  }
  const samples = await interleave(contestants, Math.max(5, rounds ?? 20));
  const rows = FAN_OUT.flatMap((n) =>
    Object.keys(CHAINS).map((chain) => {
      const one = `${n} ${chain}`;
      const p50 = samples.of(one, (block) => block.p50).median;
      const cpu = samples.of(one, (block) => block.cpu).median;
      const ratio = samples.ratio(one, `1 ${chain}`, (block) => block.p50);
      return [n, chain, microseconds(p50), microseconds(cpu), ratioText(ratio)];
    }),
  );
  const line = (chain) => ({
    name: chain,
    points: FAN_OUT.map((n) => [n, samples.of(`${n} ${chain}`, (block) => block.p50).median]),
  });
  return {
    tables: [
      table(
        "One event of 300 B to many",
        ["extensions", "chain", "p50", "host CPU", "p50 / one extension"],
        rows,
      ),
    ],
    plots: [
      plot(
        "extensions",
        "Cost of one event by number of extensions",
        "extensions",
        Object.keys(CHAINS).map(line),
      ),
    ],
  };
}

const plot = (file, title, x, lines) => ({ file, title, x, y: "µs, p50", lines });

async function largeEvents(host, rounds, log) {
  log("fan-out of 1 MB");
  const contestants = [1, LARGE].map((n) => {
    const call = emitter(host, n, "parallel", eventOf(SIZES["1 MB"], `bench.to${n}`));
    const calls = n === 1 ? 6 : 3;
    const repeat = async () => {
      for (let k = 0; k < calls; k += 1) await call();
    };
    return { name: String(n), measure: async () => (await cpuMs(repeat)) / calls };
  });
  await interleave(contestants, 2);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 11));
  const ratio = samples.ratio(String(LARGE), "1");
  const rows = ["1", String(LARGE)].map((n) => [
    n,
    `${fixed(samples.of(n).median)} ms`,
    ratioText(samples.ratio(n, "1")),
  ]);
  const { times, top } = await serialisations(host);
  const once = { median: times, low: times, high: times, rounds: 1 };
  return {
    tables: [
      table("One event of 1 MB as parallel vetoes", ["extensions", "host CPU", "against one"], rows),
      table(`Where the host's time goes, 1 MB to ${LARGE}`, ["function", "share of the busy time"], top),
    ],
    shows: [
      atMost("4a", `host CPU for 1 MB to ${LARGE} parallel vetoes against one`, ratio, 2.5),
      atMost("4b", `times that a 1 MB event to ${LARGE} is serialised`, once, 1),
    ],
  };
}

/** Counted by the event itself, which is asked for its JSON each time; and where the time went, by a profile. */
async function serialisations(host) {
  const event = eventOf(SIZES["1 MB"], `bench.to${LARGE}`);
  const { tool_input } = event;
  let times = 0;
  const counting = {
    toJSON() {
      times += 1;
      return tool_input;
    },
  };
  const call = emitter(host, LARGE, "parallel", event);
  await emitter(host, LARGE, "parallel", { ...event, tool_input: counting })();
  const top = await profile(async () => {
    for (let n = 0; n < 15; n += 1) await call();
  });
  return { times, top: top.slice(0, 6) };
}
