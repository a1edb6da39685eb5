import { TurnFeedback, type Host } from "@synaps/host";
import { expect, it } from "vitest";
import type { LoadedExtension } from "../../../../packages/host/src/loading/manifest/loaded.js";
import { readDriver } from "../../../../packages/host/src/surfaces/session-drivers/driver-action.js";
import { verifies } from "../../../requirements/verifies.js";
import { interactive, offering, type Offer } from "../commands/support.js";

const ID = "offers-commands";
const selection = { model: "a/b", effort: "high" };
const start = { action: "start", run_id: "r-1", models: [selection], prompt: "Go", delay_ms: 1_000 };

async function reading(host: Host, session_driver: unknown): Promise<unknown> {
  const outcome = await host.commands.invoke("result", [JSON.stringify({ session_driver, ok: true })]);
  if (!("result" in outcome) || outcome.result?.shape !== "interactive") throw new Error(outcome.status);
  return outcome.result.driver;
}

const driving = async (more: Offer = {}): Promise<Host> =>
  (await offering({ commands: [interactive("result")], ...more })).host;

it(verifies("DRIVE-001") + "a start is read whole, and answers without a word of it are none", async () => {
  const host = await driving();
  const more = {
    selection,
    max_duration_ms: 60_000,
    feedback_version: 1,
    time_checkpoint_version: 1,
    context_mode: "off",
    notice: "n",
    max_cost_usd: 1.5,
  };
  expect(await reading(host, { ...start, ...more })).toEqual({
    type: "action",
    action: {
      action: "start",
      runId: "r-1",
      models: [selection],
      prompt: "Go",
      delayMs: 1_000,
      maxDurationMs: 60_000,
      maxCostUsd: 1.5,
      contextMode: "off",
      wantsFeedback: true,
      wantsTimeCheckpoint: true,
      notice: "n",
    },
  });
  expect(await reading(host, { action: "stop" })).toEqual({
    type: "action",
    action: { action: "stop", notice: undefined },
  });
  expect(await reading(host, undefined)).toEqual({ type: "none" });
});

it(verifies("DRIVE-002") + "what breaks a rule is refused with the rule", async () => {
  const host = await driving();
  const wrong: [unknown, string][] = [
    [null, "session_driver must be an object"],
    [{ action: "dance" }, "its action must be one of: start, stop, status"],
    [{ ...start, action: "next", selection, models: undefined }, "its action must be one of"],
    [{ ...start, extra: 1 }, "'extra' is no field of start"],
    [{ action: "stop", prompt: "x" }, "'prompt' is no field of stop"],
    [{ ...start, run_id: "a b" }, "run_id must be"],
    [{ ...start, run_id: "x".repeat(129) }, "run_id must be"],
    [{ ...start, models: [] }, "models must list 1 to 16"],
    [
      { ...start, models: Array.from({ length: 17 }, (_, n) => ({ model: `m${n}`, effort: "e" })) },
      "models must list",
    ],
    [{ ...start, models: [selection, { ...selection, effort: "low" }] }, "models must be unique"],
    [{ ...start, models: [{ ...selection, extra: 1 }] }, "a selection must be {model, effort}"],
    [{ ...start, selection: { model: "x", effort: "y" } }, "selection must be the first of models"],
    [{ ...start, prompt: " " }, "prompt must not be empty"],
    [{ ...start, prompt: "x".repeat(16_385) }, "prompt must be a text of at most 16384 bytes"],
    [{ ...start, notice: "x".repeat(2_049) }, "notice must be a text of at most 2048 bytes"],
    [{ ...start, notice: null }, "notice must be a text"],
    [{ ...start, delay_ms: 999 }, "delay_ms must be a whole number from 1000 to 300000"],
    [{ ...start, delay_ms: 300_001 }, "delay_ms must be"],
    [{ ...start, max_duration_ms: 365 * 86_400_000 + 1 }, "max_duration_ms must be"],
    [{ ...start, max_duration_ms: 0 }, "max_duration_ms must be"],
    [{ ...start, feedback_version: 2 }, "feedback_version must be 1"],
    [{ ...start, time_checkpoint_version: true }, "time_checkpoint_version must be 1"],
    [{ ...start, context_mode: "on" }, "context_mode must be 'auto' or 'off'"],
    [{ ...start, max_cost_usd: 0 }, "max_cost_usd must be"],
  ];
  for (const [driver, problem] of wrong) {
    expect(await reading(host, driver)).toEqual({
      type: "refused",
      problem: expect.stringContaining(problem) as string,
    });
  }
});

it(verifies("DRIVE-002") + "an answer over 64 KiB is refused before anything of it is looked at", () => {
  const loaded = {
    permissions: new Set(["session.drive"]),
    activation: "eager",
  } as unknown as LoadedExtension;
  const session_driver = { ...start, junk: "x".repeat(65_536) };
  expect(readDriver(loaded, { session_driver }, ["start"])).toEqual({
    type: "refused",
    problem: "it is over 64 KiB",
  });
});

it(verifies("DRIVE-003") + "without the permission nothing is proposed", async () => {
  const host = await driving({ extension: { permissions: ["tools.register"] } });
  expect(await reading(host, start)).toEqual({
    type: "refused",
    problem: "it needs the permission 'session.drive'",
  });
});

it(verifies("DRIVE-007") + "an extension that is started later than the host may not drive", async () => {
  const extension = { protocol_version: 3, activation: "first_event" };
  const host = await driving({ extension });
  expect(await reading(host, start)).toEqual({
    type: "refused",
    problem: "only an extension that is started with the host may drive a session",
  });
});

const poll = {
  runId: "r-1",
  decisionId: "d-1",
  outcome: "success",
  errorKind: "none",
  model: "a/b",
  effort: "high",
  feedback: "changed",
  sessionId: "s",
} as const;

it(verifies("DRIVE-004") + "a poll asks once and reads next or stop", async () => {
  const host = await driving();
  expect(await host.sessionDrivers.poll(ID, poll)).toEqual({
    status: "done",
    reading: {
      type: "action",
      action: { action: "next", runId: "r-1", selection, prompt: "Go on", delayMs: 1_000, notice: undefined },
    },
  });
  expect(await host.sessionDrivers.poll(ID, { ...poll, outcome: "blocked" })).toMatchObject({
    reading: { action: { action: "stop", notice: "blocked" } },
  });
  await expect(host.sessionDrivers.poll("nobody", poll)).rejects.toMatchObject({
    code: "EXTENSION_NOT_FOUND",
  });
  const aborted = AbortSignal.abort();
  expect(await host.sessionDrivers.poll(ID, poll, aborted)).toMatchObject({ status: "cancelled" });
});

it(verifies("DRIVE-005") + "feedback compares a turn with the four before it", () => {
  const feedback = new TurnFeedback();
  const text = (content: string): ReturnType<TurnFeedback["add"]> =>
    feedback.add({ text: content, tools: [] });
  expect(["a", "b", "a", "c", "d", "e", "f", "a", " \n"].map(text).join(" ")).toBe(
    "changed changed repeated changed changed changed changed changed empty",
  );
  feedback.clear();
  expect(text("f")).toBe("changed");
});

it(verifies("DRIVE-006") + "with tools, their names, inputs and results count, in any order of keys", () => {
  const feedback = new TurnFeedback();
  const turn = (input: unknown, said: string): ReturnType<TurnFeedback["add"]> =>
    feedback.add({ text: said, tools: [{ name: "t", input, result: "r" }] });
  expect(turn({ a: 1, b: 2 }, "x")).toBe("changed");
  expect(turn({ b: 2, a: 1 }, "y")).toBe("repeated");
  expect(turn({ a: 1, b: 3 }, "x")).toBe("changed");
});

it(verifies("DRIVE-006") + "what is too large to compare is unknown", () => {
  const feedback = new TurnFeedback();
  let deep: unknown = 1;
  for (let n = 0; n < 100; n += 1) deep = [deep];
  const tool = { name: "t", input: null, result: null };
  expect(feedback.add({ text: "x".repeat(2 ** 20 + 1), tools: [] })).toBe("unknown");
  expect(feedback.add({ text: "", tools: [{ ...tool, input: deep }] })).toBe("unknown");
  expect(
    feedback.add({ text: "", tools: [{ ...tool, input: Array.from({ length: 20_000 }, () => 1) }] }),
  ).toBe("unknown");
  expect(feedback.add({ text: "", tools: Array.from({ length: 513 }, () => tool) })).toBe("unknown");
});
