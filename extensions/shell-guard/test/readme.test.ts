import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../src/rules/index.js";
import { readDangerous, readOrdinary } from "./corpus-files.js";
import { figuresOf, kindsOf, readFirstRun, sumOf, type Figures } from "./kind-files.js";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The rows of the table behind a heading of the readme, cells joined by `|` and without the spaces that line them up. */
function tableBehind(heading: string): string[] {
  const [, rest = ""] = README.split(`\n## ${heading}\n`);
  const rows = /\n\|[^\n]*\n\|[ -|]*\n((?:\|[^\n]*\n)*)/.exec(rest)?.[1] ?? "";
  return rows
    .split("\n")
    .filter((row) => row !== "")
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join("|"),
    );
}

test("the table of rules is that of the code", () => {
  const rows = RULES.map(
    ({ id, severity, about }) => `\`${id}\`|${severity}|${about.replaceAll("|", "\\|")}`,
  );
  expect(tableBehind("Rules")).toEqual(rows);
});

function cellsOf(kind: string, first: Figures | undefined): string {
  const { commands, caught, milder, missed, stopped } = figuresOf("kinds", kind);
  const own = commands === 0 ? "|||" : `${commands}|${caught}|${milder + missed}|${stopped}`;
  const after = first
    ? [first.commands, first.caught, first.milder, first.missed, first.stopped, first.otherwise].join("|")
    : "|||||";
  return `${kind}|${own}|${after}`;
}

test("the table of kinds has the figures that the corpora give now, and those of the first run", () => {
  const first = readFirstRun();
  const kinds = [...new Set([...kindsOf("kinds"), ...Object.keys(first)])].sort();
  expect(tableBehind("By kind")).toEqual(kinds.map((kind) => cellsOf(kind, first[kind])));
});

test("the sums of the commands written after the rules are those of the first run and of now", () => {
  const told = ({ caught, otherwise, milder, missed, stopped }: Figures): string =>
    `${caught} caught (${otherwise} of them blocked instead of asked about), ${milder} answered milder, ${missed} missed, ${stopped} false`;
  const now = sumOf(kindsOf("after").map((kind) => figuresOf("after", kind)));
  const text = README.replace(/\s+/g, " ");
  expect(text).toContain(`First run: ${told(sumOf(Object.values(readFirstRun())))}; now: ${told(now)}.`);
  const { commands, caught, missed, stopped } = sumOf(
    kindsOf("later").map((kind) => figuresOf("later", kind)),
  );
  expect(text).toContain(
    `${commands} further commands of [corpus/later](corpus/later/), written later by somebody who had seen neither: 248 of ${caught + missed} caught and 1 false at the first run, ${caught} and ${stopped} now.`,
  );
});

test("the table of corpora has their sizes", () => {
  const sizes = [
    `\`dangerous.txt\`|${readDangerous("dangerous.txt").length}`,
    `\`ordinary.txt\`|${readOrdinary("ordinary.txt").length.toLocaleString("en")}`,
    `\`held-out/dangerous.txt\`|${readDangerous("held-out/dangerous.txt").length}`,
    `\`held-out/ordinary.txt\`|${readOrdinary("held-out/ordinary.txt").length}`,
  ];
  const rows = tableBehind("What it misses and where it annoys").map((row) =>
    row.split("|").slice(0, 2).join("|"),
  );
  expect(rows).toEqual(sizes);
});
