import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kindsIn, scoreOf } from "./support/corpus.js";
import { makeWorld } from "./support/world.js";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The figures of a kind in the table of the README: n, caught, missed, false. */
function figuresOf(kind: string): number[] {
  const row = README.split("\n").find((line) => line.startsWith(`| \`${kind}\``));
  return (row ?? "").split("|").slice(3, 7).map(Number);
}

/** Calls of `after/` that pass on purpose, although who wrote them would have asked: a new `.env` in the project. */
const PASSES: Readonly<Record<string, number>> = { "after/secrets": 2 };

// The README lists these figures. A new miss belongs there too, in the open.
test.each([...kindsIn(""), ...kindsIn("after/").map((kind) => `after/${kind}`)])("%s", async (kind) => {
  const { n, caught, missed, alarms } = await scoreOf(kind, makeWorld());
  const told = missed.length === (PASSES[kind] ?? 0) && alarms.length === 0 ? [] : [...missed, ...alarms];
  expect({ told, figures: [n, caught, missed.length, alarms.length] }).toEqual({
    told: [],
    figures: figuresOf(kind),
  });
});
