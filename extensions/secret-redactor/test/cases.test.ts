import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import { readCases, type Case } from "./support/cases.js";

const { redact } = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });

/** How often each case is filled in anew: a rule must not depend on luck. */
const RUNS = 10;

/** Cases of `corpus/after` that are known to go wrong: `kind number`. Each stands in the README's table as missed or false. */
const KNOWN_MISSES: readonly string[] = ["password-short 4"];

/** The row of the README for all kinds of `corpus/later` together. */
const ALL_KINDS = "all 36 kinds";

/** A secret is missed when it, or its second half, can be read; text to keep is false when anything changed. */
function isRight({ expect: wanted, output, secret }: Case): boolean {
  const { text } = redact(output);
  if (wanted === "keep") return text === output;
  return !text.includes(secret) && !text.includes(secret.slice(Math.floor(secret.length / 2)));
}

/** Counts by kind: secrets caught in every run, secrets missed in any, and texts that changed wrongly. */
function count(folder: string): { table: Record<string, readonly number[]>; wrong: string[] } {
  const wrong = new Set<string>();
  for (let run = 0; run < RUNS; run += 1)
    for (const one of readCases(folder, run)) if (!isRight(one)) wrong.add(`${one.kind} ${one.number}`);
  const table: Record<string, readonly number[]> = {};
  const cases = readCases(folder);
  for (const kind of new Set(cases.map((one) => one.kind))) {
    const of = cases.filter((one) => one.kind === kind);
    const secrets = of.filter((one) => one.expect === "redact");
    const missed = secrets.filter((one) => wrong.has(`${kind} ${one.number}`)).length;
    const changed = of.filter((one) => one.expect === "keep" && wrong.has(`${kind} ${one.number}`)).length;
    table[kind] = [of.length, secrets.length - missed, missed, changed];
  }
  return { table, wrong: [...wrong].toSorted() };
}

/** Rows of a table of the README by their first cell, from the heading that names the folder. */
function rowsOf(folder: string): Record<string, readonly number[]> {
  const page = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf(`kind (\`corpus/${folder}\`)`)).split("\n\n")[0] ?? "";
  const rows = table.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return Object.fromEntries(
    rows.filter((row) => /^\d+$/.test(row[2] ?? "")).map((row) => [row[1], row.slice(2, 6).map(Number)]),
  );
}

describe("cases by kind", () => {
  test("all cases that the rules were written with, as the README counts them", () => {
    const { table, wrong } = count("kinds");
    expect(wrong).toEqual([]);
    expect(rowsOf("kinds")).toEqual(table);
  });

  test("further ones, written after the rules: the misses are those that are known", () => {
    const { table, wrong } = count("after");
    expect(wrong).toEqual([...KNOWN_MISSES].toSorted());
    if (Object.keys(table).length > 0) expect(rowsOf("after")).toEqual(table);
  });

  test("a second set, written without the rules and the first: all, and the README has their sum", () => {
    const { table, wrong } = count("later");
    expect(wrong).toEqual([]);
    const rows = Object.values(table);
    expect(rows).toHaveLength(36);
    const sums = [0, 1, 2, 3].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0));
    expect(rowsOf("later")).toEqual({ [ALL_KINDS]: sums });
  });
});
