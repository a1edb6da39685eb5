import {
  ACTIONS,
  block,
  confirm,
  MALFORMED_MODIFY,
  NO_MESSAGE,
  NO_REASON,
  parseVerdict,
} from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";

describe("parseVerdict", () => {
  it.each([
    { action: "continue" },
    { action: "block", reason: "no" },
    { action: "confirm", message: "sure?" },
    { action: "modify", input: { command: "ls" } },
    { action: "modify", input: null },
    { action: "inject", content: "It is Monday." },
    { action: "replace", output: "" },
    { action: "cache", value: [1] },
    { action: "cache", value: null, ttl_ms: 100, key: "k" },
    { action: "redirect", target: "other" },
    { action: "retry" },
    { action: "retry", delay_ms: 5, max_attempts: 2, backoff: "fixed", jitter: "none" },
    { action: "fork", operations: [{ a: 1 }] },
    { action: "skip", reason: "done before" },
  ])("takes $action as it is: %j", (result) => {
    expect(parseVerdict(result)).toEqual({ ok: true, verdict: result });
  });

  it.each([
    [null, "the result is null, not an object"],
    [undefined, "the result is null, not an object"],
    [[], "the result is a list, not an object"],
    ["continue", "the result is a string, not an object"],
    [{}, "the result has no action"],
    [{ action: 1 }, "the result has no action"],
    [{ action: "Continue" }, "the action 'Continue' does not exist"],
    [{ action: "toString" }, "the action 'toString' does not exist"],
    [{ action: "x".repeat(100) }, `the action '${"x".repeat(64)}' does not exist`],
    [{ action: "inject", content: null }, "the action 'inject' needs 'content'"],
    [{ action: "replace", output: { a: 1 } }, "the action 'replace' needs 'output'"],
    [{ action: "redirect" }, "the action 'redirect' needs 'target'"],
    [{ action: "skip" }, "the action 'skip' needs 'reason'"],
    [{ action: "cache" }, "the action 'cache' needs 'value'"],
    [{ action: "cache", value: 1, ttl_ms: "soon" }, "'ttl_ms' of the action 'cache' must be a number"],
    [{ action: "cache", value: 1, key: 3 }, "'key' of the action 'cache' must be a string"],
    [{ action: "retry", delay_ms: "1s" }, "'delay_ms' of the action 'retry' must be a number"],
    [{ action: "retry", backoff: 2 }, "'backoff' of the action 'retry' must be a string"],
    [{ action: "fork" }, "the action 'fork' needs 'operations'"],
    [{ action: "fork", operations: {} }, "the action 'fork' needs 'operations'"],
  ])("says why %j is none", (result, problem) => {
    expect(parseVerdict(result)).toEqual({ ok: false, problem });
  });

  it("blocks when a modify brings no input, because the original could be what it wanted to prevent", () => {
    expect(parseVerdict({ action: "modify" })).toEqual({
      ok: true,
      verdict: { action: "block", reason: MALFORMED_MODIFY },
    });
  });

  it.each([undefined, null, 5, ["a"], { a: 1 }, "", " \n"])(
    "blocks and asks although the text is %j",
    (text) => {
      expect(parseVerdict({ action: "block", reason: text })).toEqual({
        ok: true,
        verdict: block(NO_REASON),
      });
      expect(parseVerdict({ action: "confirm", message: text })).toEqual({
        ok: true,
        verdict: confirm(NO_MESSAGE),
      });
    },
  );

  it("drops keys that do not belong to the action", () => {
    expect(parseVerdict({ action: "block", reason: "no", input: {}, note: 1 })).toEqual({
      ok: true,
      verdict: { action: "block", reason: "no" },
    });
  });

  it("knows every action of the vocabulary", () => {
    for (const action of ACTIONS) {
      const parsed = parseVerdict({ action });
      expect(parsed.ok ? "" : parsed.problem).not.toContain("does not exist");
    }
  });
});
