import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../src/rules/index.js";
import { readDangerous, readOrdinary } from "./corpus-files.js";
import { figuresOf, kindsOf, type KindFolder } from "./kind-files.js";

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

const cellsOf = (folder: KindFolder, kind: string): string => {
  const { commands, caught, missed, stopped } = figuresOf(folder, kind);
  return commands === 0 ? "|||" : `${commands}|${caught}|${missed}|${stopped}`;
};

test("the table of kinds has the figures that the corpora give now", () => {
  const kinds = [...new Set([...kindsOf("kinds"), ...kindsOf("after")])].sort();
  expect(tableBehind("By kind")).toEqual(
    kinds.map((kind) => `${kind}|${cellsOf("kinds", kind)}|${cellsOf("after", kind)}`),
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
