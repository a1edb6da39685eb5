import { systemClock } from "@synaps/host";
import { synapsCatalog, type ChainPolicy, type JsonValue } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { intercept } from "../../../packages/host/src/dispatch/intercept.js";
import { OperationCache } from "../../../packages/host/src/dispatch/operation/cache.js";
import type { InterceptServices } from "../../../packages/host/src/dispatch/operation/types.js";
import { outcomeOf, type Decision } from "../../../packages/host/src/dispatch/outcome.js";
import type { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import type { EventInput } from "../../../packages/host/src/delivery/event-input.js";

const KINDS = { before: "before_tool_call", after: "after_tool_call" };
const CALL = { tool_name: "bash", tool_input: { list: [1] } };

interface Said {
  before?: Decision;
  after?: Decision;
  confirm?: InterceptServices["confirm"];
  stopping?: AbortSignal;
}

/** An operation between hooks that decide as the test says, and all that was raised around it. */
async function around(
  said: Said = {},
  event: Omit<EventInput, "kind"> = CALL,
  run: (input: JsonValue) => unknown = () => "out",
  kinds: { before: string; after?: string } = KINDS,
) {
  const raised: { event: OutgoingEvent; policy: ChainPolicy }[] = [];
  let ms = 1_000;
  const decisions = [said.before, said.after];
  const result = await intercept(kinds, event, run as never, {
    clock: { ...systemClock, wallMs: () => (ms += 1) },
    random: () => 0.5,
    cache: new OperationCache(systemClock),
    confirmMs: 60_000,
    signal: undefined,
    entered: async () => {},
    emit: async (one, policy) => {
      raised.push({ event: one, policy });
      const decision = decisions[raised.length - 1] ?? { action: "continue" };
      return outcomeOf(one.kind, decision, [], raised.length);
    },
    kind: (kind) => synapsCatalog.kinds[kind as keyof typeof synapsCatalog.kinds],
    confirm: said.confirm,
    stopping: said.stopping ?? new AbortController().signal,
    policy: "rewrite_then_veto",
  });
  return { result, raised };
}

const meta = (event: OutgoingEvent | undefined): Record<string, unknown> => {
  const { event_id: _, ...rest } = (
    JSON.parse(String(event?.params(true, 5, 1))) as { meta: Record<string, unknown> }
  ).meta;
  return rest;
};
const outcome = (kind: string, decision: Decision, durationMs: number) => ({
  ...decision,
  kind,
  votes: [],
  durationMs,
});
const GO_ON: Decision = { action: "continue" };

describe("an operation between its hooks", () => {
  it("runs with its input and ends with its output and both outcomes", async () => {
    const inputs: unknown[] = [];
    const { result } = await around({}, CALL, (input) => (inputs.push(input), "out"));
    expect(inputs).toEqual([{ list: [1] }]);
    expect(result).toStrictEqual({
      ran: true,
      output: "out",
      isError: false,
      input: { list: [1] },
      before: expect.objectContaining(outcome("before_tool_call", GO_ON, 1)) as unknown,
      after: expect.objectContaining(outcome("after_tool_call", GO_ON, 2)) as unknown,
    });
  });

  it("has an event before it and one after it, each with its time, its policy and all that was passed", async () => {
    const event = {
      tool_name: "bash",
      tool_runtime_name: "mine:bash",
      tool_input: "in",
      tool_output: "left over",
      message: "m",
      session_id: "s",
      transcript: ["t", 1],
      data: { d: 1 },
      correlation_id: "c",
      tool_call_id: "t1",
      is_error: true,
    };
    const { raised } = await around({}, event);
    const { tool_output: _, correlation_id, tool_call_id, is_error: __, ...rest } = event;
    expect(raised.map(({ policy }) => policy)).toEqual(["rewrite_then_veto", "rewrite_then_veto"]);
    expect(raised[0]?.event.envelope).toEqual({
      ...rest,
      kind: "before_tool_call",
      tool_output: "left over",
    });
    expect(raised[1]?.event.envelope).toEqual({ ...rest, kind: "after_tool_call", tool_output: "out" });
    const both = { correlation_id, tool_call_id, truncated: false, deadline_ms: 5, attempt: 1 };
    expect(meta(raised[0]?.event)).toEqual({ ...both, is_error: true, sent_at: 1_001 });
    expect(meta(raised[1]?.event)).toEqual({ ...both, is_error: false, sent_at: 1_002 });
  });

  it("has nothing in the event after it that was not passed", async () => {
    const { raised } = await around({}, { tool_name: "bash" }, () => ({ output: null, isError: true }));
    expect(raised[1]?.event.envelope).toEqual({
      kind: "after_tool_call",
      tool_name: "bash",
      tool_runtime_name: null,
      tool_input: null,
      tool_output: null,
      message: null,
      session_id: null,
      transcript: null,
      data: null,
    });
    expect(meta(raised[1]?.event)).toEqual({ is_error: true, sent_at: 1_002, deadline_ms: 5, attempt: 1 });
  });

  it("gets the tool's input where its kind has no field that guards may change", async () => {
    const inputs: unknown[] = [];
    const event = { message: "hello", tool_input: "in" };
    await around({}, event, (input) => void inputs.push(input), { before: "before_message" });
    expect(inputs).toEqual(["in"]);
  });

  it("without a kind after it has one event and no outcome after it", async () => {
    const { result, raised } = await around({}, CALL, () => "out", { before: KINDS.before });
    expect(raised).toHaveLength(1);
    expect(result).toMatchObject({ ran: true, output: "out", after: undefined });
  });

  it("ends with what replaced its output, and with its own failure", async () => {
    const after: Decision = { action: "replace", output: "clean", by: "a" };
    const { result, raised } = await around({ after }, CALL, () => ({ output: "raw", isError: true }));
    expect(raised[1]?.event.fullOutput).toBe("raw");
    expect(result).toMatchObject({ output: "clean", isError: true, after: { action: "replace", by: "a" } });
  });
});

describe("an operation that is stopped", () => {
  const never = () => {
    throw new Error("it ran");
  };

  it("does not run, and names who stopped it and why", async () => {
    const before: Decision = { action: "block", reason: "no", by: "guard" };
    const { result, raised } = await around({ before }, CALL, never);
    expect(raised).toHaveLength(1);
    expect(result).toStrictEqual({
      ran: false,
      reason: "no",
      by: "guard",
      before: expect.objectContaining(outcome("before_tool_call", before, 1)) as unknown,
    });
  });

  const before: Decision = { action: "confirm", message: "sure?", by: "guard" };
  const stopped = async (more: Said, ask: Decision = before): Promise<unknown> => {
    const { result, raised } = await around({ before: ask, ...more }, CALL, never);
    expect(raised).toHaveLength(1);
    return result.ran ? "it ran" : { reason: result.reason, by: result.by };
  };

  it.each([
    ["nobody can be asked", undefined, "requires confirmation but no interactive prompt is available: sure?"],
    ["the user says no", () => false, "confirmation denied: sure?"],
    ["the user says no later", async () => false, "confirmation denied: sure?"],
    ["the answer is no yes", () => 1 as never, "confirmation denied: sure?"],
    [
      "the prompt rejects",
      () => Promise.reject(new Error("shut")),
      "the confirmation prompt failed (shut): sure?",
    ],
  ])("because %s has the reason in words", async (_, confirm, reason) => {
    expect(await stopped({ confirm })).toEqual({ reason, by: "guard" });
  });

  it("because a prompt breaks has at most 200 bytes of its error, in one line", async () => {
    const confirm = () => {
      throw new Error(`${"x".repeat(100)}\n${"y".repeat(150)}`);
    };
    const text = `${"x".repeat(100)}${"y".repeat(100)}`;
    expect(await stopped({ confirm })).toEqual({
      reason: `the confirmation prompt failed (${text}): sure?`,
      by: "guard",
    });
  });

  it("because the host is stopped meanwhile has the reason in words", async () => {
    const stopping = new AbortController();
    const confirm = (): Promise<boolean> => {
      stopping.abort();
      return new Promise(() => {});
    };
    expect(await stopped({ confirm, stopping: stopping.signal })).toEqual({
      reason: "the host was stopped before the confirmation was given: sure?",
      by: "guard",
    });
  });
});

describe("an operation whose input was agreed on", () => {
  it.each<[string, Decision, JsonValue]>([
    ["was rewritten", { action: "modify", input: { list: [2] }, by: "a" }, { list: [2] }],
    ["was confirmed", { action: "confirm", message: "?", by: "a" }, { list: [1] }],
    [
      "was rewritten and confirmed",
      { action: "confirm", message: "?", by: "a", input: { list: [3] } },
      { list: [3] },
    ],
    ["was rewritten to null and confirmed", { action: "confirm", message: "?", by: "a", input: null }, null],
  ])("runs with it when it %s, and changes only its own copy", async (_, before, input) => {
    const inputs: unknown[] = [];
    const { result, raised } = await around({ before, confirm: () => true }, CALL, (own) => {
      inputs.push(structuredClone(own));
      if (own !== null) Object.assign(own, { list: "changed" });
      return "out";
    });
    expect(inputs).toEqual([input]);
    expect(raised[0]?.event.envelope.tool_input).toEqual({ list: [1] });
    expect(raised[1]?.event.envelope.tool_input).toEqual(input);
    if ("input" in before) expect(result.before).toMatchObject({ input });
  });

  it("is asked about with all that the user has to know", async () => {
    const requests: unknown[] = [];
    const before: Decision = { action: "confirm", message: "sure?", by: "guard" };
    await around({ before, confirm: (request) => requests.push(request) > 0 });
    expect(requests).toStrictEqual([
      {
        message: "sure?",
        extension: "guard",
        kind: "before_tool_call",
        toolName: "bash",
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it("runs after an injection, which is the program's to use", async () => {
    const { result } = await around({ before: { action: "inject", content: "x" } });
    expect(result).toMatchObject({ ran: true, input: { list: [1] }, before: { content: "x" } });
  });
});

describe("what an operation returns", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;

  it.each([
    ["a text", "x", "x", false],
    ["an empty text", "", "", false],
    ["nothing", undefined, null, false],
    ["null", null, null, false],
    ["an output", { output: "x", isError: false }, "x", false],
    ["an output of an error", { output: "x", isError: true }, "x", true],
    ["an output with an odd mark", { output: "x", isError: "yes" }, "x", false],
    ["no output of an error", { output: null, isError: true }, null, true],
    ["an output that is no text", { output: 5, isError: true }, '{"output":5,"isError":true}', false],
    ["another object", { a: 1 }, '{"a":1}', false],
    ["a list", ["output"], '["output"]', false],
    ["a number", 7, "7", false],
    ["a bigint", 5n, "5", false],
    ["what JSON has no word for", Symbol.for("x"), "Symbol(x)", false],
    ["an object that holds itself", circular, "[object Object]", false],
  ])("is %s", async (_, returned, output, isError) => {
    for (const run of [() => returned, async () => returned]) {
      const { result } = await around({}, CALL, run);
      expect(result).toMatchObject({ ran: true, output, isError });
    }
  });

  it("is the message of what it throws, at once or later", async () => {
    const boom = new Error("boom");
    for (const run of [() => Promise.reject(boom), () => Promise.reject("boom" as never)])
      expect((await around({}, CALL, run)).result).toMatchObject({ output: "boom", isError: true });
  });
});
