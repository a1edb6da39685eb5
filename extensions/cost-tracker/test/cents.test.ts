import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { envelope } from "@synaps/sdk/testing";
import { report, tracker, worked } from "./support.js";

/** A fraction of whole numbers: the calculation that the tracker is compared with knows no places and no rounding. */
interface Fraction {
  over: bigint;
  under: bigint;
}

const fraction = (decimal: string): Fraction => {
  const [whole = "", part = ""] = decimal.split(".");
  return { over: BigInt(whole + part), under: 10n ** BigInt(part.length) };
};
const plus = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
});
const times = (a: Fraction, tokens: number): Fraction => ({
  over: a.over * BigInt(tokens),
  under: a.under * 1_000_000n,
});
const isSame = (a: Fraction, b: Fraction): boolean => a.over * b.under === b.over * a.under;

const price = fc.oneof(
  fc.integer({ min: 0, max: 9_999 }).map(String),
  fc
    .tuple(
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: 0, max: 999_999 }),
      fc.integer({ min: 1, max: 6 }),
    )
    .map(([whole, part, places]) => `${whole}.${String(part).padStart(6, "0").slice(-places)}`),
);
const tokens = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
);
const calls = fc.array(
  fc.record({
    component: fc.constantFrom("writer", "critic", "planner"),
    model: fc.constantFrom("a", "b", "c"),
    input: tokens,
    output: tokens,
  }),
  { minLength: 1, maxLength: 40 },
);

describe("cents are exact", () => {
  test("100 tables of prices with up to 40 calls each: every sum is that of fractions", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(price, price, price),
        fc.tuple(price, price, price),
        calls,
        async (ins, outs, made) => {
          const models = ["a", "b", "c"];
          const prices = models.map((model, n) => `${model} ${ins[n]} ${outs[n]}`).join("; ");
          await using extension = await tracker({ prices });
          const expected = new Map<string, Fraction>();
          for (const call of made) {
            await extension.send(worked(call));
            const n = models.indexOf(call.model);
            const cost = plus(
              times(fraction(ins[n] as string), call.input),
              times(fraction(outs[n] as string), call.output),
            );
            for (const name of [call.component, "all"])
              expected.set(name, plus(expected.get(name) ?? { over: 0n, under: 1n }, cost));
          }
          const { total, rows } = await report(extension);
          expect(rows).toHaveLength(new Set(made.map(({ component }) => component)).size);
          for (const { name, cost } of rows)
            expect(isSame(fraction(cost), expected.get(name.replace("agent ", "")) as Fraction)).toBe(true);
          expect(isSame(fraction(total.cost), expected.get("all") as Fraction)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("what floats lose: a thousand calls of a tenth of a cent, and tokens beyond what a float can add", async () => {
    await using extension = await tracker({ prices: "tenth 0.1 0; dear 999999999.999999 0" });
    for (let n = 0; n < 1_000; n += 1) await extension.send(worked({ model: "tenth", input: 10_000 }));
    expect((await report(extension)).total.cost).toBe("1.00");
    await extension.send(worked({ model: "dear", input: Number.MAX_SAFE_INTEGER }));
    // 1 + (2^53 - 1) * 999999999.999999 / 10^6
    expect((await report(extension)).total.cost).toBe("9007199254740981993.800745259009");
  });

  test("costs of models are added up by component from a table of prices", async () => {
    await using extension = await tracker({ prices: "gpt-4o 2.50 10; claude-* 3 15" });
    await extension.send(worked({ component: "writer", input: 1_200, output: 345 }));
    await extension.send(worked({ component: "critic", model: "claude-sonnet", input: 7, output: 1 }));
    await extension.send(worked({ component: "writer", model: "claude-opus", input: 1, output: 0 }));
    expect((await report(extension)).rows.map(({ name, cost }) => [name, cost])).toEqual([
      ["agent writer", "0.006453"],
      ["agent critic", "0.000036"],
    ]);
    expect((await report(extension, "model")).rows.map(({ name, cost }) => [name, cost])).toEqual([
      ["gpt-4o", "0.00645"],
      ["claude-sonnet", "0.000036"],
      ["claude-opus", "0.000003"],
    ]);
  });

  test("hooks behind it are told what a call cost, what its session did, and what everything did", async () => {
    await using extension = await tracker({ prices: "gpt-4o 1 1" });
    const costOf = async (call: Parameters<typeof worked>[0]): Promise<unknown> => {
      const { annotations } = (await extension.request("hook.handle", worked(call))) as {
        annotations: object;
      };
      return Object.values(annotations)[0];
    };
    const model = "gpt-4o";
    expect(await costOf({ input: 1_000_000, session_id: "s" })).toEqual({
      model,
      cost: "1.00",
      session_cost: "1.00",
      total_cost: "1.00",
    });
    expect(await costOf({ input: 500_000 })).toEqual({
      model,
      cost: "0.50",
      session_cost: null,
      total_cost: "1.50",
    });
    expect(await costOf({ model: "llama", session_id: "s" })).toEqual({
      model: "llama",
      cost: null,
      session_cost: "1.00",
      total_cost: "1.50",
    });
  });

  test("usage of turns has prices of its own for caches, and input's where the table has none", async () => {
    const usage = {
      input_tokens: 1,
      output_tokens: 1,
      cache_read_input_tokens: 1,
      cache_creation_input_tokens: 3,
      cache_creation_1h: 2,
    };
    const turn = (model: string): ReturnType<typeof envelope> =>
      envelope("on_usage", { session_id: "s", data: { provider: "p", model, usage } });
    await using extension = await tracker({ prices: "all 1 10 100 1000 10000; some 1 10 100; few 1 10" });
    for (const model of ["all", "some", "few"]) await extension.send(turn(model));
    expect((await report(extension, "model")).rows.map(({ name, cost }) => [name, cost])).toEqual([
      ["p/all", "0.021111"],
      ["p/some", "0.000114"],
      ["p/few", "0.000015"],
    ]);
    expect((await report(extension, "session")).rows.map(({ name, calls }) => [name, calls])).toEqual([
      ["s", "3"],
    ]);
  });
});
