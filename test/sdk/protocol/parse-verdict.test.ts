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

const TTL = "'ttl_ms' of the action 'cache' must be a whole number from 1 to 2147483647";
const KEY = "'key' of the action 'cache' must be a text of 1 to 1024 characters";
const TARGET = "'target' of the action 'redirect' must be a text of 1 to 1024 characters";
const DELAY = "'delay_ms' of the action 'retry' must be a number from 0 to 60000";
const ATTEMPTS = "'max_attempts' of the action 'retry' must be a whole number from 1 to 9007199254740991";
const BACKOFF = "'backoff' of the action 'retry' must be one of fixed, linear, exponential, fibonacci";
const JITTER = "'jitter' of the action 'retry' must be one of none, full, equal, decorrelated";

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
    { action: "cache", store: true },
    { action: "cache", store: true, ttl_ms: 2_147_483_647, key: "k" },
    { action: "redirect", target: "other" },
    { action: "retry" },
    { action: "retry", delay_ms: 5, max_attempts: 2, backoff: "fixed", jitter: "none" },
    { action: "retry", delay_ms: 60_000, max_attempts: 1_000, backoff: "fibonacci", jitter: "decorrelated" },
    { action: "fork", operations: [{ a: 1 }] },
    { action: "fork", operations: [1, 2, 3, 4, 5, 6, 7, 8] },
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
    [{ action: "cache" }, "the action 'cache' needs 'value', or 'store' that is true"],
    [{ action: "cache", store: "yes" }, "the action 'cache' needs 'value', or 'store' that is true"],
    [
      { action: "cache", value: 1, store: true },
      "the action 'cache' has either 'value' or 'store', not both",
    ],
    [{ action: "cache", value: 1, ttl_ms: "soon" }, TTL],
    [{ action: "cache", store: true, ttl_ms: -1 }, TTL],
    [{ action: "cache", store: true, ttl_ms: 0 }, TTL],
    [{ action: "cache", store: true, ttl_ms: 1.5 }, TTL],
    [{ action: "cache", store: true, ttl_ms: Number.NaN }, TTL],
    [{ action: "cache", store: true, ttl_ms: 1e300 }, TTL],
    [{ action: "cache", store: true, ttl_ms: 2_147_483_648 }, TTL],
    [{ action: "cache", value: 1, key: 3 }, KEY],
    [{ action: "cache", store: true, key: "" }, KEY],
    [{ action: "cache", store: true, key: "x".repeat(1_025) }, KEY],
    [{ action: "redirect", target: 5 }, TARGET],
    [{ action: "redirect", target: " " }, TARGET],
    [{ action: "redirect", target: "x".repeat(1_025) }, TARGET],
    [{ action: "retry", delay_ms: "1s" }, DELAY],
    [{ action: "retry", delay_ms: -1 }, DELAY],
    [{ action: "retry", delay_ms: 60_001 }, DELAY],
    [{ action: "retry", delay_ms: Number.NaN }, DELAY],
    [{ action: "retry", max_attempts: 0 }, ATTEMPTS],
    [{ action: "retry", max_attempts: 2.5 }, ATTEMPTS],
    [{ action: "retry", max_attempts: Number.POSITIVE_INFINITY }, ATTEMPTS],
    [{ action: "retry", backoff: 2 }, BACKOFF],
    [{ action: "retry", backoff: "expnential" }, `${BACKOFF} (did you mean 'exponential'?)`],
    [{ action: "retry", jitter: "randomly" }, JITTER],
    [{ action: "fork" }, "the action 'fork' needs 'operations', a list"],
    [{ action: "fork", operations: {} }, "the action 'fork' needs 'operations', a list"],
    [{ action: "fork", operations: [] }, "the action 'fork' takes 1 to 8 operations, not 0"],
    [{ action: "fork", operations: Array(9).fill(1) }, "the action 'fork' takes 1 to 8 operations, not 9"],
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
