import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONTINUE, joinInjections, stricter } from "../../packages/host/src/dispatch/merge.js";
import type { Decision } from "../../packages/host/src/dispatch/outcome.js";

const by = fc.constantFrom("a", "b", "c");
const decision: fc.Arbitrary<Decision> = fc.oneof(
  fc.constant(CONTINUE),
  fc.record({ action: fc.constant("block" as const), reason: fc.string(), by }),
  fc.record({ action: fc.constant("confirm" as const), message: fc.string(), by }),
  fc.record({ action: fc.constant("modify" as const), input: fc.constantFrom(1, "x", null), by }),
  fc.record({ action: fc.constant("inject" as const), content: fc.string() }),
  fc.record({ action: fc.constant("replace" as const), output: fc.string(), by }),
);
const merged = (all: readonly Decision[]): Decision => all.reduce(stricter, CONTINUE);

describe("the stricter of two decisions", () => {
  it("does not depend on how they are grouped", () => {
    fc.assert(
      fc.property(decision, decision, decision, (a, b, c) => {
        expect(stricter(stricter(a, b), c)).toBe(stricter(a, stricter(b, c)));
      }),
    );
  });

  it("is one of them, and of equally strict ones the first", () => {
    fc.assert(
      fc.property(fc.array(decision, { minLength: 1 }), (all) => {
        const result = merged(all);
        const first = all.find((one) => stricter(result, one) === result && stricter(one, result) === one);
        if (result !== CONTINUE) expect(result).toBe(first);
      }),
    );
  });

  it("does not change when decisions that are less strict come, go or move", () => {
    fc.assert(
      fc.property(fc.array(decision), fc.array(decision), fc.string(), (before, after, reason) => {
        const block: Decision = { action: "block", reason, by: "x" };
        const blocksBefore = before.filter(({ action }) => action === "block");
        expect(merged([...before, block, ...after])).toBe(blocksBefore[0] ?? block);
      }),
    );
  });
});

describe("injections", () => {
  it("keep their order and lose nothing, however they are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (contents) => {
        expect(joinInjections(contents)).toEqual({ action: "inject", content: contents.join("\n\n") });
      }),
    );
  });
});
