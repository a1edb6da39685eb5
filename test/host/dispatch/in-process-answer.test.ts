import { describe, expect, it } from "vitest";
import { answerOf } from "../../../packages/host/src/dispatch/in-process-answer.js";
import { startedHost } from "../../helpers/hosts.js";

const CALL = { tool_name: "bash", tool_input: { command: "ls" } };

/** What an intercepted operation ran with when the program's own handler gave this answer, or why it did not run. */
async function ranWith(answer: unknown): Promise<string> {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => answer as never, { id: "own" });
  const kinds = { before: "before_tool_call" };
  const result = await host.intercept(kinds, CALL, (input) => JSON.stringify(input));
  return result.ran ? `ran ${result.output}` : result.reason;
}

describe("a rewrite that JSON would change", () => {
  it.each([
    ["NaN", { n: NaN }, "/input/n is NaN"],
    ["Infinity", [Infinity], "/input/0 is Infinity"],
    ["a Map", { m: new Map() }, "there is a Map at /input/m"],
    ["a function", { f() {} }, "there is a function at /input/f"],
    ["nothing in a list", [undefined], "there is nothing at /input/0"],
    ["a bigint", 5n, "there is a bigint at /input"],
  ])("blocks: %s", async (_, input, why) => {
    expect(await ranWith({ action: "modify", input })).toContain(why);
    expect(await ranWith({ action: "modified", data: input })).toContain(why);
  });

  it("blocks when it cannot be read", async () => {
    const thrower = {
      action: "modify",
      get input() {
        throw new Error("lost");
      },
    };
    expect(await ranWith(thrower)).toContain("lost");
  });

  it("is applied when JSON has it", async () => {
    expect(await ranWith({ action: "modify", input: { at: new Date(0), gone: undefined } })).toBe(
      'ran {"at":"1970-01-01T00:00:00.000Z"}',
    );
  });
});

describe("a stated intent", () => {
  const circular: Record<string, unknown> = { action: "block", reason: "no" };
  circular["self"] = circular;

  it.each([
    ["has a member that JSON does not have", { action: "block", reason: "no", at: 10n }],
    ["holds itself", circular],
    [
      "is a class with accessors",
      new (class Verdict {
        get action() {
          return "block";
        }
        get reason() {
          return "no";
        }
      })(),
    ],
    ["inherits its members", Object.create({ action: "block", reason: "no" })],
    ["says how it is written", { toJSON: () => ({ action: "block", reason: "no" }) }],
  ])("blocks though it %s", async (_, answer) => {
    expect(await ranWith(answer)).toBe("no");
  });

  it("counts without a text that can be read", async () => {
    expect(await ranWith({ action: "block", reason: 5n })).toContain("gave no reason");
    const thrower = {
      action: "confirm",
      get message() {
        throw new Error("lost");
      },
    };
    expect(await ranWith(thrower)).toContain("gave no message");
  });
});

it("is a copy: the handler's own object changes nothing afterwards", () => {
  const given = { action: "modify", input: { list: [1] } };
  const answer = answerOf(given) as typeof given;
  given.input.list.push(2);
  expect(answer.input).toEqual({ list: [1] });
});

describe("an answer of any other action", () => {
  it("keeps every member that a verdict has, as a copy", () => {
    const operations = [{ a: 1 }];
    for (const verdict of [
      { action: "retry", delay_ms: 5, max_attempts: 2, backoff: "fixed", jitter: "none" },
      { action: "cache", value: { a: [1] }, ttl_ms: 100, key: "k" },
      { action: "fork", operations },
      { action: "replace", output: "x" },
      { action: "inject", content: "x" },
      { action: "skip", reason: "x" },
      { action: "redirect", target: "x" },
    ])
      expect(answerOf(verdict)).toMatchObject(verdict);
    const copy = answerOf({ action: "fork", operations }) as { operations: unknown };
    operations.push({ a: 2 });
    expect(copy.operations).toEqual([{ a: 1 }]);
  });

  it("that says how it is written is asked once", () => {
    const itself = {
      action: "block",
      reason: "no",
      toJSON() {
        return this;
      },
    };
    expect(answerOf(itself)).toEqual({ action: "block", reason: "no" });
    expect(answerOf({ toJSON: () => null })).toEqual({ action: "continue" });
    expect(answerOf("text")).toBe("text");
  });
});
