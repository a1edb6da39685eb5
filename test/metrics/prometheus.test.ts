import { metricsOf } from "@synaps/metrics";
import { expect, it } from "vitest";
import { call, inState, statusOf, variant } from "../e2e/host/support/fixture.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { startedHost } from "../helpers/hosts.js";
import { seriesOf } from "../helpers/prometheus-text.js";
import { complaints, promtool } from "../helpers/promtool.js";
import { tempDir } from "../helpers/temp.js";

const SECRET = "the-text-of-a-payload";
const EVENT = { kind: "before_tool_call", tool_name: SECRET, tool_input: { command: SECRET } };
const checker = promtool();

it("votes, reasons, outcomes and times are series with the numbers of the host", async () => {
  const clock = new FakeClock();
  const { host } = await startedHost([], { clock });
  const answers = [{ action: "continue" }, { action: "block", reason: SECRET }, { action: SECRET }] as const;
  let turn = 0;
  host.subscribe(
    "before_tool_call",
    () =>
      new Promise(
        (resolve) => void clock.after(100, () => resolve(answers[turn++ % answers.length] as never)),
      ),
    { id: "guard" },
  );
  for (const _ of answers) {
    const outcome = host.emit(EVENT);
    await clock.pass(100);
    await outcome;
  }
  const text = await metricsOf(host).text();
  const series = seriesOf(text);
  const own = 'extension="guard",kind="before_tool_call"';
  expect(Object.fromEntries([...series].filter(([name]) => /votes|abstentions|outcomes/.test(name)))).toEqual(
    {
      'synaps_outcomes_total{kind="before_tool_call",action="continue"}': 2,
      'synaps_outcomes_total{kind="before_tool_call",action="block"}': 1,
      [`synaps_hook_votes_total{${own},verdict="continue"}`]: 1,
      [`synaps_hook_votes_total{${own},verdict="block"}`]: 1,
      [`synaps_hook_abstentions_total{${own},reason="invalid"}`]: 1,
    },
  );
  expect(series.get(`synaps_hook_run_seconds_count{${own}}`)).toBe(3);
  expect(series.get(`synaps_hook_run_seconds_sum{${own}}`)).toBeCloseTo(0.3);
  expect(series.get(`synaps_hook_run_seconds_bucket{${own},le="0.065536"}`)).toBe(0);
  expect(series.get(`synaps_hook_run_seconds_bucket{${own},le="0.131072"}`)).toBe(3);
  expect(series.get(`synaps_hook_run_seconds_bucket{${own},le="+Inf"}`)).toBe(3);
  expect(text).not.toContain(SECRET);
});

it("states go down as well, and an extension that is gone leaves no series", async () => {
  const folder = tempDir();
  variant(folder, "exits-on-event", { id: "frail", args: ["on-request"] });
  const { host } = await startedHost([folder]);
  const state = async (name: string): Promise<(number | undefined)[]> => {
    const series = seriesOf(await metricsOf(host).text());
    return [
      series.get(`synaps_extension_state{extension="frail",state="${name}"}`),
      series.get(`synaps_extensions{state="${name}"}`),
    ];
  };
  expect([await state("running"), await state("degraded")]).toEqual([
    [1, 1],
    [0, 0],
  ]);
  await host.emit(call({ exit: true }));
  await inState(host, "frail", "degraded");
  expect([await state("running"), await state("degraded")]).toEqual([
    [0, 0],
    [1, 1],
  ]);
  const restarts = seriesOf(await metricsOf(host).text()).get(
    'synaps_extension_restarts_total{extension="frail"}',
  );
  expect(restarts).toBeGreaterThan(0);
  expect(restarts).toBe(statusOf(host, "frail").process?.restartCount);
  await host.unload("frail");
  expect(await metricsOf(host).text()).not.toContain("frail");
});

it("names that cannot stand in a text as they are make no second series and no broken line", async () => {
  const { host } = await startedHost([]);
  for (const id of ["half \ud83d", "half \ude00", 'quote " and \\', "two\nlines", "n".repeat(500)])
    host.subscribe("before_tool_call", () => ({ action: "continue" }), { id });
  await host.emit(EVENT);
  const text = await metricsOf(host).text();
  const votes = [...seriesOf(Buffer.from(text).toString())].filter(([name]) => name.includes("votes_total"));
  expect(votes.map(([name, value]) => [/extension="(.*)",kind/.exec(name)?.[1], value])).toEqual([
    ["half \ufffd", 2],
    ['quote \\" and \\\\', 1],
    ["two\\nlines", 1],
    ["n".repeat(128), 1],
  ]);
});

it("each host has its own registry, always the same, and a program may add to it", async () => {
  const [{ host: one }, { host: other }] = [await startedHost([]), await startedHost([])];
  one.subscribe("before_tool_call", () => ({ action: "continue" }), { id: "only-here" });
  await one.emit(EVENT);
  expect(metricsOf(one)).toBe(metricsOf(one));
  expect(metricsOf(one).registry).not.toBe(metricsOf(other).registry);
  expect(await metricsOf(one).text()).toContain("only-here");
  expect(await metricsOf(other).text()).not.toContain("only-here");
});

it("reading twice changes no number", async () => {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => ({ action: "continue" }));
  await host.emit(EVENT);
  const texts = await Promise.all([metricsOf(host).text(), metricsOf(host).text()]);
  expect(await metricsOf(host).text()).toBe(texts[0]);
  metricsOf(host).registry.resetMetrics();
  expect(new Set([...texts, await metricsOf(host).text()]).size).toBe(1);
});

it.skipIf(checker === undefined)("promtool has nothing to say against the text, full or empty", async () => {
  const folder = tempDir();
  variant(folder, "healthy-rewriter", { id: "guard" });
  const { host } = await startedHost([folder]);
  expect(complaints(checker ?? "", await metricsOf(host).text())).toBe("");
  for (const id of ["half \ud83d", "half \ude00", 'quote " and \\', "two\nlines"])
    host.subscribe("before_tool_call", () => ({ action: "continue" }), { id });
  host.subscribe("on_message_complete", () => {});
  await host.emit(EVENT);
  await host.emit({
    kind: "on_message_complete",
    message: "",
    data: { content_block_count: 1, has_tool_use: false },
  });
  const text = await metricsOf(host).text();
  expect(complaints(checker ?? "", text)).toBe("");
  expect(complaints(checker ?? "", `${text}${text}`)).not.toBe("");
});
