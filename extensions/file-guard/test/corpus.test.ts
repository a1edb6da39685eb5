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

// The README lists these figures. A new miss belongs there too, in the open.
test.each([...kindsIn(""), ...kindsIn("after/").map((kind) => `after/${kind}`)])("%s", async (kind) => {
  const { n, missed, alarms } = await scoreOf(kind, makeWorld());
  const stopped = kind.endsWith("ordinary") ? 0 : n - missed.length;
  expect({ missed, alarms, figures: [n, stopped, missed.length, alarms.length] }).toEqual({
    missed,
    alarms,
    figures: figuresOf(kind),
  });
});
