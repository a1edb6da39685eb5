import { startHost } from "../contestants/ours.mjs";
import { eventOf, SIZES, textOf } from "../lib/payload.mjs";
import { cpuMs, interleave } from "../lib/rounds.mjs";
import { atMost, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "parts";

const EXTENSIONS = 10;
const CALLS = 200;
const CHECKS = 20_000;
const FIELDS = ["/tool_name", "/session_id", "/tool_input/command"];

/** Parts of events, payloads that are checked, and filters on attributes. */
export async function run({ rounds, log }) {
  log(`parts: starts ${EXTENSIONS} extensions`);
  const extensions = {};
  for (let n = 0; n < EXTENSIONS; n += 1) {
    extensions[`e${n}`] = {
      hooks: [
        { hook: "bench.parts", phase: "veto", fields: FIELDS },
        { hook: "bench.whole", phase: "veto" },
        { hook: "bench.declared", phase: "veto", where: { protocol: [`other-${n}`, "ftp*"] } },
      ],
    };
  }
  const host = await startHost(extensions);
  const fields = await partsOfEvents(host, rounds, log);
  const checks = await checksOfEvents(host, rounds, log);
  await host.stop();
  return {
    title: "Parts of events, payloads, filters on attributes",
    tables: [...fields.tables, ...checks.tables],
    plots: [],
    shows: [...fields.shows, ...checks.shows],
  };
}

/** A large output that ten extensions look past, and the same event for extensions that get all of it. */
async function partsOfEvents(host, rounds, log) {
  log(`parts: an output for ${EXTENSIONS} extensions`);
  const outputs = { "300 B": "", "1 MB": textOf(SIZES["1 MB"]) };
  const event = (kind, size) => ({
    ...eventOf(300, kind),
    tool_output: outputs[size],
  });
  const contestants = [
    { kind: "bench.parts", size: "300 B", calls: CALLS },
    { kind: "bench.parts", size: "1 MB", calls: CALLS },
    { kind: "bench.whole", size: "300 B", calls: CALLS },
    { kind: "bench.whole", size: "1 MB", calls: 5 },
  ].map(({ kind, size, calls }) => {
    const given = event(kind, size);
    const emit = async () => {
      const { votes } = await host.emit(given, { chain: "rewrite_then_veto" });
      if (votes.length !== EXTENSIONS || votes.some(({ status }) => status !== "voted"))
        throw new Error(JSON.stringify(votes));
    };
    const measure = async () => {
      const all = async () => {
        for (let n = 0; n < calls; n += 1) await emit();
      };
      return ((await cpuMs(all)) / calls) * 1000;
    };
    return { name: `${kind === "bench.parts" ? "three fields" : "all of it"}, ${size}`, measure };
  });
  await interleave(contestants, 2);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 21));
  const [small, large, wholeSmall, wholeLarge] = contestants.map((one) => one.name);
  const rows = contestants.map((one) => [
    one.name,
    microseconds(samples.of(one.name).median),
    ratioText(samples.ratio(one.name, small)),
  ]);
  return {
    tables: [
      table(
        `One event with an output to ${EXTENSIONS} extensions at once`,
        ["what they get, and the output", "host CPU", "against three fields of 300 B"],
        rows,
      ),
    ],
    shows: [
      atMost(
        "11a",
        "host CPU for a 1 MB output to 10 that take three small fields, against an event of 300 B",
        samples.ratio(large, small),
        1.25,
      ),
      atMost(
        "11b",
        "the same against extensions that get all of the 300 B",
        samples.ratio(small, wholeSmall),
        1.25,
      ),
      atMost("11c", "the same against all of the 1 MB", samples.ratio(large, wholeLarge), 0.5),
      atMost(
        "11d",
        "times that the 1 MB is written",
        { median: await written(host, event), low: 0, high: 0 },
        0,
      ),
    ],
  };
}

/** Texts of a megabyte that JSON makes of an event that everybody looks past. */
async function written(host, event) {
  const { stringify } = JSON;
  let times = 0;
  JSON.stringify = (value, replacer, space) => {
    const text = stringify(value, /** @type {any} */ (replacer), space);
    if (text !== undefined && text.length >= SIZES["1 MB"]) times += 1;
    return text;
  };
  try {
    await host.emit(event("bench.parts", "1 MB"), { chain: "rewrite_then_veto" });
  } finally {
    JSON.stringify = stringify;
  }
  return times;
}

/** Events whose payload is checked, and that a filter on an attribute keeps from everybody. */
async function checksOfEvents(host, rounds, log) {
  log("parts: payloads and attributes");
  const tool_input = {
    command: textOf(100),
    protocol: "http",
    port: 443,
    key: Buffer.alloc(32).toString("base64"),
    sequence: "18446744073709551615",
  };
  const given = { tool_name: "bash", session_id: "5f0c7a52", tool_input };
  const free = { kind: "bench.nobody", ...given };
  const declared = { kind: "bench.declared", ...given };
  const wrong = { ...declared, tool_input: { ...tool_input, port: 0 } };
  await host.emit(wrong).then(
    () => {
      throw new Error("an event off its payload was taken");
    },
    () => {},
  );
  let length = 0;
  const loops = {
    "JSON.stringify and JSON.parse of the event": () => {
      length += JSON.parse(JSON.stringify(declared)).session_id.length;
    },
    "emit without a payload, nobody subscribed": () => host.emit(free),
    "emit with a payload, nobody subscribed": () => host.emit({ kind: "bench.checked", ...given }),
    "emit with a payload, 10 subscribers filter by an attribute": () => host.emit(declared),
  };
  const contestants = Object.entries(loops).map(([one, work]) => ({
    name: one,
    measure: async () => {
      const from = process.hrtime.bigint();
      for (let n = 0; n < CHECKS; n += 1) await work();
      return Number(process.hrtime.bigint() - from) / CHECKS;
    },
  }));
  await interleave(contestants, 3);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 21));
  const [round, , payload, filtered] = Object.keys(loops);
  const rows = Object.keys(loops).map((one) => [
    one,
    microseconds(samples.of(one).median / 1000),
    ratioText(samples.ratio(one, round)),
  ]);
  return {
    tables: [
      table(
        `A payload of five members, each of ${CHECKS.toLocaleString("en-US")} awaited calls`,
        ["call", "took", "against JSON there and back"],
        rows,
      ),
    ],
    shows: [
      atMost(
        "11e",
        "snapshot and schema check of an event against JSON there and back",
        samples.ratio(payload, round),
        1,
      ),
      atMost(
        "11f",
        "the same with 10 subscribers that an attribute filter skips",
        samples.ratio(filtered, round),
        2,
      ),
    ],
  };
}
