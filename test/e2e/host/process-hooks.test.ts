import { eventOf } from "../../helpers/events.js";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { FIXTURES } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";
import { call, statusOf, variant, votes } from "./support/fixture.js";

const KINDS = { before: "before_tool_call", after: "after_tool_call" };
const python = join(FIXTURES, "python-v1");
const echo = join(FIXTURES, "echoes-votes");

it(verifies("E2E-001") + "an extension in plain Python adds the time to a message", async () => {
  const { host } = await startedHost([python]);
  const outcome = await host.emit({ kind: "before_message", message: "what time is it?" });
  expect(outcome).toMatchObject({
    action: "inject",
    content: expect.stringMatching(/^The time is \d{4}-\d\d-\d\dT/),
  });
});

it(verifies("E2E-002") + "the same extension lets all other hooks continue", async () => {
  const { host } = await startedHost([python]);
  for (const kind of ["before_tool_call", "after_tool_call", "on_session_start", "on_session_end"]) {
    const outcome = await host.emit(eventOf(kind, { session_id: "s" }));
    expect(votes(outcome), kind).toEqual(["python-v1: continue"]);
  }
});

it(
  verifies("E2E-003") + "a rewrite reaches the operation, and the hook after it sees the rewritten input",
  async () => {
    const folder = tempDir();
    variant(folder, "echoes-votes", { extension: { hooks: [{ hook: "before_tool_call" }] } });
    const { host } = await startedHost([folder]);
    const seen: unknown[] = [];
    host.subscribe("after_tool_call", ({ tool_input }) => void seen.push(tool_input));
    const tool_input = { command: "rm -rf /", answer: { action: "modify", input: { command: "echo safe" } } };
    const ran: unknown[] = [];
    const result = await host.intercept(KINDS, { tool_name: "bash", tool_input }, (input) => {
      ran.push(input);
      return "done";
    });
    expect([ran, seen]).toEqual([[{ command: "echo safe" }], [{ command: "echo safe" }]]);
    expect(result).toMatchObject({ ran: true, input: { command: "echo safe" } });
  },
);

it(
  verifies("E2E-004") + "a replacement by a real extension reaches the caller in place of the output",
  async () => {
    const { host } = await startedHost([echo], {
      env: {
        ...process.env,
        SYNAPS_EXTENSION_ECHOES_VOTES_ANSWER: '{"action":"replace","output":"[clamped:32] DEADBEEF"}',
      },
    });
    const result = await host.intercept(KINDS, { tool_name: "bash" }, () => "x".repeat(5_000));
    expect(result).toMatchObject({ ran: true, output: "[clamped:32] DEADBEEF" });
  },
);

it(verifies("E2E-005") + "a malformed modify from a real extension blocks the call", async () => {
  const { host } = await startedHost([echo]);
  const tool_input = { answer: { action: "modify", wrong: true } };
  const result = await host.intercept(KINDS, { tool_name: "bash", tool_input }, () => "ran");
  expect(result).toMatchObject({
    ran: false,
    reason: "Extension returned malformed modify result",
    by: "echoes-votes",
  });
});

it.each(["on_compaction", "on_message_complete"])(
  verifies("E2E-006", "E2E-007") + "%s only observes: what is answered changes nothing and is reported",
  async (kind) => {
    const { host } = await startedHost([echo]);
    for (const answer of [
      { action: "inject", content: "x" },
      { action: "block", reason: "x" },
    ]) {
      const outcome = await host.emit({ kind, message: "m", data: { answer } });
      expect(outcome).toMatchObject({ action: "continue", votes: [] });
      const settled = await outcome.settled;
      expect(settled.action).toBe("continue");
      expect(votes(settled)).toEqual([`echoes-votes: ${answer.action} ignored`]);
    }
  },
);

it(
  verifies("E2E-008", "HOOK-048") + "on_message_complete carries the assistant's text and the facts about it",
  async () => {
    const folder = tempDir();
    const hooks = [{ hook: "on_message_complete" }, { hook: "before_tool_call" }];
    variant(folder, "echoes-votes", { extension: { hooks } });
    const { host } = await startedHost([folder]);
    const seen: unknown[] = [];
    host.subscribe("on_message_complete", (event) => void seen.push(event));
    const data = { content_block_count: 2, has_tool_use: true };
    const outcome = await host.emit({
      kind: "on_message_complete",
      message: "Hello!",
      session_id: "s",
      data,
    });
    expect(votes(await outcome.settled)).toEqual(["program: continue", "echoes-votes: continue"]);
    expect(seen).toEqual([
      expect.objectContaining({
        message: "Hello!",
        session_id: "s",
        data,
        tool_name: null,
        transcript: null,
      }),
    ]);
  },
);

it(verifies("HOOK-049") + "on_compaction carries the summary and its facts, and no transcript", async () => {
  const { host } = await startedHost([echo]);
  const seen: unknown[] = [];
  host.subscribe("on_compaction", (event) => void seen.push(event));
  const data = { old_session_id: "a", new_session_id: "b", message_count: 12, source: "manual" };
  await (
    await host.emit({ kind: "on_compaction", message: "the summary", session_id: "b", data })
  ).settled;
  expect(seen).toEqual([
    expect.objectContaining({ message: "the summary", session_id: "b", data, transcript: null }),
  ]);
});

it(
  verifies("E2E-009") + "what on_session_start injects comes back to the program, which places it",
  async () => {
    const { host } = await startedHost([echo], {
      env: {
        ...process.env,
        SYNAPS_EXTENSION_ECHOES_VOTES_ANSWER: '{"action":"inject","content":"Be brief."}',
      },
    });
    expect(await host.emit({ kind: "on_session_start", session_id: "s" })).toMatchObject({
      action: "inject",
      content: "Be brief.",
    });
  },
);

it(
  verifies("HOOK-050") +
    "on_session_end reaches everybody at the same time and waits for them within one budget",
  async () => {
    const folder = tempDir();
    const extension = {
      permissions: ["session.lifecycle"],
      hooks: [{ hook: "on_session_end", timeout_ms: 60_000 }],
    };
    for (const id of ["a", "b", "c"]) variant(folder, "never-answers", { id, extension });
    variant(folder, "echoes-votes", { id: "d", extension });
    const { host } = await startedHost([folder], { limits: { lifecycleBudgetMs: 500 } });
    const outcome = await host.emit({ kind: "on_session_end", session_id: "s", transcript: [] });
    expect(votes(outcome)).toEqual([
      "a: abstained budget",
      "b: abstained budget",
      "c: abstained budget",
      "d: continue",
    ]);
    expect(outcome.durationMs).toBeLessThan(10_000);
  },
);

it(verifies("HOOK-051") + "on_usage goes to protocol 2 and newer alone", async () => {
  const folder = tempDir();
  variant(folder, "usage-v2");
  variant(folder, "python-v1");
  const { host, log } = await startedHost([folder]);
  const usage = {
    input_tokens: 3,
    output_tokens: 4,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  const outcome = await host.emit({ kind: "on_usage", data: { provider: "p", model: null, usage } });
  expect(votes(await outcome.settled)).toEqual(["usage-v2: continue"]);
  // Its standard error is another pipe than its answers: neither waits for the other.
  await until("it printed what it counted", () => log.some(({ message }) => /7 tokens at \d+/.test(message)));
});

it(
  verifies("E2E-010") + "confirm asks the program's prompt; without one, or with a no, the call is blocked",
  async () => {
    const { host } = await startedHost([echo]);
    const event = { tool_name: "bash", tool_input: { answer: { action: "confirm", message: "Really?" } } };
    const asked: string[] = [];
    const run = (answer?: boolean): ReturnType<typeof host.intercept> =>
      host.intercept(
        KINDS,
        event,
        () => "ran",
        answer === undefined
          ? {}
          : { confirm: ({ message, extension }) => asked.push(`${extension}: ${message}`) > 0 && answer },
      );
    expect(await run(true)).toMatchObject({ ran: true, output: "ran" });
    expect(await run(false)).toMatchObject({ ran: false, reason: "confirmation denied: Really?" });
    expect(await run()).toMatchObject({
      ran: false,
      reason: expect.stringContaining("no interactive prompt"),
    });
    expect(asked).toEqual(["echoes-votes: Really?", "echoes-votes: Really?"]);
  },
);

it(verifies("HOOK-052") + "matched is voted, abstained or not reached, for every subscription", async () => {
  const folder = tempDir();
  variant(folder, "non-object-results", { id: "a" });
  variant(folder, "rpc-error", { id: "b" });
  variant(folder, "echoes-votes", { id: "c" });
  variant(folder, "echoes-votes", { id: "d" });
  const { host } = await startedHost([folder]);
  const stop = { action: "block", reason: "r" };
  for (const answer of [stop, null]) await host.emit(call({ answer, result: 5 }));
  expect(statusOf(host, "b").process?.restartCount).toBe(0);
  const counts = host.snapshot().subscriptions;
  for (const { matched, voted, abstained, notReached } of counts)
    expect(matched).toBe(voted + abstained + notReached);
  expect(
    counts.map(({ extension, voted, abstained, notReached }) => [extension, voted, abstained, notReached]),
  ).toEqual([
    ["a", 0, 2, 0],
    ["b", 0, 2, 0],
    ["c", 2, 0, 0],
    ["d", 1, 0, 1],
  ]);
});
