import { AssertionError } from "node:assert";
import { block, confirm, inject, modify, proceed, replace, type Verdict } from "@synaps/sdk";
import {
  assertBlocks,
  assertConfirms,
  assertContinues,
  assertInjects,
  assertModifies,
  assertReplaces,
  assertVerdict,
} from "@synaps/sdk/testing";
import { describe, expect, expectTypeOf, it } from "vitest";

/** What the assertion says, "" when it holds. */
function failure(work: () => void): string {
  try {
    work();
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(AssertionError);
    return (error as AssertionError).message;
  }
}

describe("assertVerdict", () => {
  it("looks at the named fields only: text whole or by pattern, JSON by value", () => {
    assertVerdict(block("rm is not allowed"), { action: "block" });
    assertVerdict(block("rm is not allowed"), { action: "block", reason: /rm/ });
    assertVerdict(block("rm"), { action: "block", reason: "rm" });
    assertVerdict(modify({ a: [1] }), { action: "modify", input: { a: [1] } });
    assertVerdict({ action: "retry", delay_ms: 5 }, { action: "retry", delay_ms: 5 });
  });

  it("says what was expected and what came", () => {
    expect(failure(() => assertVerdict(proceed(), { action: "block" }))).toBe(
      "expected action to be 'block', but the verdict is { action: 'continue' }",
    );
    expect(failure(() => assertVerdict(block("no"), { action: "block", reason: /rm/ }))).toBe(
      "expected reason to match /rm/, but the verdict is { action: 'block', reason: 'no' }",
    );
    expect(failure(() => assertModifies(modify({ a: 1 }), { a: 2 }))).toBe(
      "expected input to be { a: 2 }, but the verdict is { action: 'modify', input: { a: 1 } }",
    );
  });

  it("narrows the type", () => {
    const verdict: Verdict = block("no") as Verdict;
    assertVerdict(verdict, { action: "block" });
    expectTypeOf(verdict.reason).toEqualTypeOf<string>();
    const other: Verdict = inject("more") as Verdict;
    assertInjects(other);
    expectTypeOf(other.content).toEqualTypeOf<string>();
  });

  it("does not compile with a field of another action", () => {
    // @ts-expect-error a block has no message
    expect(failure(() => assertVerdict(block("no"), { action: "block", message: "no" }))).not.toBe("");
  });

  it.each<[string, (verdict: Verdict) => void, Verdict]>([
    ["continues", (verdict) => assertContinues(verdict), proceed()],
    ["blocks", (verdict) => assertBlocks(verdict, /no/), block("no")],
    ["blocks for any reason", (verdict) => assertBlocks(verdict), block("no")],
    ["confirms", (verdict) => assertConfirms(verdict, "sure?"), confirm("sure?")],
    ["modifies", (verdict) => assertModifies(verdict, { a: 1 }), modify({ a: 1 })],
    ["injects", (verdict) => assertInjects(verdict, /more/), inject("more")],
    ["replaces", (verdict) => assertReplaces(verdict, "out"), replace("out")],
  ])("%s: holds for the right verdict, fails for another", (_, assertion, verdict) => {
    expect(failure(() => assertion(verdict))).toBe("");
    expect(failure(() => assertion({ action: "skip", reason: "other" }))).toContain("expected action to be");
  });
});
