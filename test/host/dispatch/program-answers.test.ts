import { MALFORMED_MODIFY } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { answerOf, MERGES } from "../../../packages/host/src/dispatch/in-process-answer.js";

describe("an answer of the program in the wire's words", () => {
  it.each([
    [undefined, { action: "continue" }],
    [null, { action: "continue" }],
    [{ toJSON: () => undefined }, { action: "continue" }],
    [
      { action: "block", reason: "no", extra: 1 },
      { action: "block", reason: "no" },
    ],
    [
      { action: "reject", reason: "no" },
      { action: "block", reason: "no" },
    ],
    [
      { action: "abort", reason: "no" },
      { action: "block", reason: "no" },
    ],
    [
      { action: "cancel", reason: "no" },
      { action: "block", reason: "no" },
    ],
    [
      { action: "confirm", message: "?", reason: "x" },
      { action: "confirm", message: "?" },
    ],
    [
      { action: "modify", input: { a: 1 }, data: 2 },
      { action: "modify", input: { a: 1 } },
    ],
    [
      { action: "modified", data: { a: 1 }, input: 2 },
      { action: "modify", input: { a: 1 }, [MERGES]: true },
    ],
    [
      { action: "modify_context", data: null, input: 2 },
      { action: "modify", input: null, [MERGES]: true },
    ],
  ])("%j", (given, answer) => {
    expect(answerOf(given)).toStrictEqual(answer);
  });

  it.each([5, "block", true, ["block"]])("is itself when it is no object: %j", (given) => {
    expect(answerOf(given)).toBe(given);
  });

  it("has of another action each member that a verdict may have, and no other", () => {
    const all = {
      reason: "r",
      content: "c",
      output: "o",
      target: "t",
      value: { v: [1] },
      store: true,
      ttl_ms: 1,
      key: "k",
      delay_ms: 2,
      max_attempts: 3,
      backoff: "b",
      jitter: "j",
      operations: [{ o: 1 }],
    };
    const answer = answerOf({ action: "any", ...all, message: "m", input: 1, other: 5n }) as Record<
      string,
      unknown
    >;
    expect(answer).toStrictEqual({ action: "any", ...all });
    expect(answer["value"]).not.toBe(all.value);
    expect(answer["operations"]).not.toBe(all.operations);
  });

  it("has nothing in place of members that are not there, and null where null is", () => {
    expect(answerOf({ action: "cache", value: null })).toEqual({ action: "cache", value: null });
    expect(answerOf({ value: 1 })).toEqual({ action: undefined, value: 1 });
  });
});

describe("a rewrite of the program", () => {
  it("without a value stays without one", () => {
    expect(answerOf({ action: "modify" })).toStrictEqual({ action: "modify", input: undefined });
    expect(answerOf({ action: "modified", input: 1 })).toEqual({
      action: "modify",
      input: undefined,
      [MERGES]: true,
    });
    const silent = { toJSON: () => undefined };
    expect(answerOf({ action: "modify", input: silent })).toStrictEqual({
      action: "modify",
      input: undefined,
    });
  });

  it("that JSON would change blocks, with the place in words", () => {
    expect(answerOf({ action: "modify", input: [1, Number.NaN] })).toStrictEqual({
      action: "block",
      reason: `${MALFORMED_MODIFY}: the number at /input/1 is NaN, which JSON does not have`,
    });
  });

  it("that cannot be read blocks with the reason", () => {
    const input = {
      get input() {
        throw new Error("lost");
      },
    };
    expect(answerOf(Object.assign(Object.create(input), { action: "modify" }))).toStrictEqual({
      action: "block",
      reason: `${MALFORMED_MODIFY}: lost`,
    });
  });
});

describe("a text that cannot be read", () => {
  const unreadable = (action: string): unknown =>
    Object.assign(
      Object.create({
        get reason() {
          throw new Error("lost");
        },
        get message() {
          throw new Error("lost");
        },
      }),
      { action },
    );

  it("leaves the intent standing without it", () => {
    expect(answerOf(unreadable("block"))).toStrictEqual({ action: "block", reason: undefined });
    expect(answerOf(unreadable("confirm"))).toStrictEqual({ action: "confirm", message: undefined });
  });
});
