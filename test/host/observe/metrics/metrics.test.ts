import { expect, it } from "vitest";
import { call, inState, statusOf, variant } from "../../../e2e/host/support/fixture.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";

const SECRET = "the-text-of-a-payload";
const EVENT = { kind: "before_tool_call", tool_name: SECRET, tool_input: { command: SECRET } };

it("votes are counted by extension and kind, with their verdicts, reasons and times", async () => {
  const clock = new FakeClock();
  const { host } = await startedHost([], { clock });
  const answers = [
    { action: "continue" },
    { action: "block", reason: SECRET },
    null,
    { action: SECRET },
  ] as const;
  let turn = 0;
  host.subscribe("before_tool_call", () => answers[turn++ % answers.length] as never, { id: "guard" });
  host.subscribe(
    "before_tool_call",
    () => new Promise((resolve) => void clock.after(8, () => resolve({ action: "continue" }))),
    { id: "slow" },
  );
  for (const _ of answers) {
    const outcome = host.emit(EVENT);
    await clock.pass(8);
    await outcome;
  }
  const { hooks, kinds, folded, rest, boundsMs } = host.metrics();
  expect(hooks.map(({ extension, kind }) => [extension, kind])).toEqual([
    ["guard", "before_tool_call"],
    ["slow", "before_tool_call"],
  ]);
  const [guard, slow] = hooks;
  expect(guard).toMatchObject({
    matched: 4,
    voted: 3,
    abstained: 1,
    notReached: 0,
    verdicts: { continue: 2, block: 1 },
    reasons: { invalid: 1 },
    dropped: 0,
    stream: null,
  });
  expect(slow).toMatchObject({ matched: 4, voted: 3, notReached: 1, verdicts: { continue: 3 } });
  expect(slow?.run).toMatchObject({ count: 3, sumMs: 24, maxMs: 8, p50Ms: 8, p999Ms: 8 });
  expect(slow?.run.buckets.length).toBe(boundsMs.length);
  expect(kinds).toMatchObject([
    { kind: "before_tool_call", outcomes: { continue: 3, block: 1 }, took: { count: 4, sumMs: 24 } },
  ]);
  expect([folded, rest]).toEqual([0, null]);
});

it("a reading is plain data, and nothing of an event stands in it", async () => {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => ({ action: "block", reason: SECRET }), { id: "guard" });
  await host.emit({ ...EVENT, session_id: SECRET });
  const reading = host.metrics();
  const text = JSON.stringify(reading);
  expect(JSON.parse(text)).toEqual(reading);
  expect(text).not.toContain(SECRET);
  await host.emit(EVENT);
  expect(JSON.stringify(reading)).toBe(text);
});

it("states go up and down, restarts are counted, and all is forgotten with the extension", async () => {
  const folder = tempDir();
  variant(folder, "exits-on-event", { id: "frail", args: ["on-request"] });
  const { host } = await startedHost([folder]);
  expect(host.metrics().states).toMatchObject({ running: 1, degraded: 0, restarting: 0 });
  await host.emit(call({ exit: true }));
  await inState(host, "frail", "degraded");
  const { states, extensions, hooks } = host.metrics();
  expect(states).toMatchObject({ running: 0, degraded: 1, restarting: 0 });
  expect(extensions).toMatchObject([
    { extension: "frail", state: "degraded", restarts: statusOf(host, "frail").process?.restartCount },
  ]);
  expect(extensions[0]?.restarts).toBeGreaterThan(0);
  expect(hooks).toMatchObject([{ extension: "frail", matched: 1 }]);
  await host.unload("frail");
  const left = host.metrics();
  expect([left.extensions, left.hooks]).toEqual([[], []]);
  expect(Object.values(left.states).reduce((sum, one) => sum + one, 0)).toBe(0);
});

it("a hook that a reload took out of the manifest is forgotten with it", async () => {
  const folder = tempDir();
  const hooks = [{ hook: "before_tool_call", id: "first" }];
  variant(folder, "healthy-rewriter", { id: "changes", extension: { hooks } });
  const { host } = await startedHost([folder]);
  await host.emit(call());
  expect(host.snapshot().subscriptions).toMatchObject([{ subscription: "first", matched: 1 }]);
  variant(folder, "healthy-rewriter", {
    id: "changes",
    extension: { hooks: [{ ...hooks[0], id: "second" }] },
  });
  await host.reload("changes");
  expect(host.snapshot().subscriptions).toEqual([]);
  await host.emit(call());
  expect(host.metrics().hooks).toMatchObject([{ extension: "changes", matched: 1 }]);
});

it("a thousand hooks have numbers of their own, and the others are counted together", async () => {
  const { host } = await startedHost([]);
  const removers = Array.from({ length: 1_003 }, (_, n) =>
    host.subscribe("before_tool_call", () => ({ action: "continue" }), { id: `hook-${n}` }),
  );
  await host.emit(EVENT);
  await host.emit(EVENT);
  const full = host.metrics();
  expect([full.hooks.length, full.folded]).toEqual([1_000, 3]);
  expect(full.rest).toMatchObject({
    extension: "other",
    matched: 6,
    verdicts: { continue: 6 },
    run: { count: 6 },
  });
  for (const remove of removers) remove();
  const empty = host.metrics();
  expect([empty.hooks, empty.folded]).toEqual([[], 0]);
  expect(empty.rest).toMatchObject({ matched: 6 });
  host.subscribe("before_tool_call", () => ({ action: "continue" }), { id: "later" });
  await host.emit(EVENT);
  expect(host.metrics()).toMatchObject({ hooks: [{ extension: "later", matched: 1 }], folded: 0 });
});

it("a name of any length is cut, and names that are alike then are counted together", async () => {
  const { host } = await startedHost([]);
  for (const end of ["a", "b"])
    host.subscribe("before_tool_call", () => ({ action: "continue" }), { id: "n".repeat(200) + end });
  await host.emit(EVENT);
  expect(host.metrics().hooks).toMatchObject([{ extension: "n".repeat(128), matched: 2 }]);
});

it("events that a full queue drops are counted", async () => {
  const folder = tempDir();
  const deaf = { permissions: ["privacy.llm_content"], hooks: [{ hook: "on_message_complete" }] };
  variant(folder, "never-answers", { id: "deaf", extension: deaf });
  const { host } = await startedHost([folder], { limits: { observeQueue: 1 } });
  const event = {
    kind: "on_message_complete",
    message: SECRET,
    data: { content_block_count: 1, has_tool_use: false },
  };
  const outcomes = [];
  for (let n = 0; n < 20; n += 1) outcomes.push(await host.emit(event));
  // A dropped event has its vote at once; the others wait for a process that does not answer.
  const { dropped } = host.metrics().hooks[0] ?? {};
  await host.stop();
  const settled = await Promise.all(outcomes.map((outcome) => outcome.settled));
  const lost = settled.filter(
    ({ votes: [vote] }) => vote?.status === "abstained" && vote.reason === "overloaded",
  );
  expect(lost.length).toBeGreaterThan(0);
  expect(dropped).toBe(lost.length);
});
