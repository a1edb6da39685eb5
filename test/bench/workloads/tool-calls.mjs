import { startBase, startHost } from "../contestants/ours.mjs";
import { child } from "../lib/places.mjs";
import { interleave, median, timeCalls } from "../lib/rounds.mjs";
import { atMost, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "tool-calls";

const ROUNDS = 40;
const CALLS = 500;
const BASE = "the base build";
const OURS = "this build";
const SCRIPT = "tool.mjs";
const EXTENSION = { permissions: ["tools.register"], hooks: [], main: child(SCRIPT) };

/** `host.tools.call` of a small tool, this build against the base build in the same run. */
export async function run({ rounds, log, base }) {
  const hosts = { [OURS]: await startHost({ one: EXTENSION }) };
  if (base) hosts[BASE] = await startBase(base, EXTENSION, SCRIPT);
  else log("without --base: tool calls are not compared");
  const contestants = Object.entries(hosts).map(([one, host]) => {
    const { name: tool } = host.tools.list().find(({ name: of }) => of.endsWith("echo")) ?? { name: "" };
    const call = async () => {
      const { content, isError } = await host.tools.call(tool, { text: "hello" });
      if (isError || content !== "hello") throw new Error(`the tool answered ${content}`);
    };
    return { name: one, measure: () => timeCalls(call, CALLS) };
  });
  await interleave(contestants, 2);
  log("tool calls");
  const samples = await interleave(contestants, Math.max(5, rounds ?? ROUNDS));
  for (const host of Object.values(hosts)) await host.stop();
  const against = base ? BASE : OURS;
  const rows = Object.keys(hosts).map((one) => {
    const { p50, p99, calls } = samples.pooled(one);
    return [one, microseconds(p50), microseconds(p99), ratioText(samples.ratio(one, against, median)), calls];
  });
  const shows = base
    ? [atMost("p8", "tool call against the base build, p50", samples.ratio(OURS, BASE, median), 1.3)]
    : [];
  return {
    title: "Tool calls",
    tables: [table("One small call", ["build", "p50", "p99", `p50 / ${against}`, "calls"], rows)],
    shows,
  };
}
