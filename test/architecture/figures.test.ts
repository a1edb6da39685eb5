import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";

/** First and second cell of the rows of all tables of a page. */
function rowsOf(page: string): Map<string, string> {
  const rows = readFileSync(repo(page), "utf8").matchAll(/^\| *([^|]+?) *\| *([^|]+?) *\|/gm);
  return new Map([...rows].map(([, name = "", figure = ""]) => [name, figure]));
}

it(verifies("DOC-012") + "docs/why.md quotes the figures that the benchmark wrote, brackets included", () => {
  const measured = rowsOf("docs/performance.md");
  const quoted = [...rowsOf("docs/why.md")].filter(([, figure]) => /\d/.test(figure));
  expect(quoted.length).toBeGreaterThanOrEqual(6);
  expect(quoted).toEqual(quoted.map(([name]) => [name, measured.get(name)]));
});
