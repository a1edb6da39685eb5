import { describe, expect, test } from "vitest";
import { parsePrices } from "../src/prices.js";
import { report, temporaryFolder, tracker, worked } from "./support.js";

const FORM =
  "must be model input output [cache-read [cache-write [cache-write-1h]]], prices per million tokens";
const price = (word: string): string =>
  `'${word}' is no price; write dollars per million tokens, as 2.50, with at most 6 places`;

describe("a wrong value refuses to start, and is named with what it may be", () => {
  test.each([
    ["prices", "gpt-4o 2,50 10", `config key 'prices': entry 1 'gpt-4o 2,50 10': ${price("2,50")}`],
    ["prices", "a 1 2; gpt-4o 2.50", `config key 'prices': entry 2 'gpt-4o 2.50' ${FORM}`],
    ["prices", "a 1 -2", `config key 'prices': entry 1 'a 1 -2': ${price("-2")}`],
    ["prices", "a 1e3 2", `config key 'prices': entry 1 'a 1e3 2': ${price("1e3")}`],
    ["prices", "a 1 0.0000001", `config key 'prices': entry 1 'a 1 0.0000001': ${price("0.0000001")}`],
    ["prices", "a 1 2; b 1 2; a 3 4", "config key 'prices': entry 3 'a 3 4' gives 'a' a second price"],
    ["prices", "x 1 1;".repeat(1_001), "config key 'prices': it has 1001 entries, at most 1000"],
    [
      "sources",
      "agent, gatway",
      "config key 'sources' takes agent, gateway, synaps, separated by commas, not 'gatway'; did you mean 'gateway'?",
    ],
    [
      "budget_day",
      "five",
      "config key 'budget_day' must be an amount above 0, as 5.00, or empty for no budget, not 'five'",
    ],
    [
      "budget_total",
      "0",
      "config key 'budget_total' must be an amount above 0, as 5.00, or empty for no budget, not '0'",
    ],
    [
      "warn_at",
      "80%",
      "config key 'warn_at' must be a share of the budget above 0 and up to 1, as 0.8, not '80%'",
    ],
    ["folder", "", "config key 'folder' must be the path of a folder"],
  ])("%s = %s", async (key, value, message) => {
    await expect(tracker({ [key]: value })).rejects.toThrow(message);
  });

  test("on_exceeded", async () => {
    await expect(tracker({ on_exceeded: "stop" })).rejects.toThrow("config key 'on_exceeded' must be");
  });
});

test("a whole name goes before a pattern, provider and model before the model, the first pattern before the next", () => {
  const prices = parsePrices("* 1 1; gpt-* 2 2; gpt-4o 3 3; azure/gpt-4o 4 4; azure/* 5 5");
  const input = (model: string, provider: string | null): bigint | undefined =>
    prices.priceOf(model, provider)?.input;
  expect(input("gpt-4o", null)).toBe(3_000_000n);
  expect(input("gpt-4o", "openai")).toBe(3_000_000n);
  expect(input("gpt-4o", "azure")).toBe(4_000_000n);
  expect(input("gpt-5", null)).toBe(1_000_000n);
  expect(parsePrices("gpt-* 2 2;\n").priceOf("claude", "x")).toBeUndefined();
});

test("a change while it runs counts from then on; a wrong one is told, and the prices from before count", async () => {
  await using extension = await tracker({ prices: "gpt-4o 1 0" }, { root: temporaryFolder() });
  const change = async (value: string): Promise<void> => {
    extension.notify("config.changed", { key: "prices", value });
    await extension.send(worked({ input: 1_000_000 }));
  };
  await change("gpt-4o 2 0");
  await change("gpt-4o two 0");
  expect((await report(extension)).total.cost).toBe("4.00");
  expect(extension.logs).toEqual([
    `config key 'prices': entry 1 'gpt-4o two 0': ${price("two")}. The settings from before still count.`,
  ]);
});
