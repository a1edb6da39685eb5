import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "@synaps/guards/secrets";

test("RULES.md lists every rule, in order, with what it finds and its source", () => {
  const page = readFileSync(new URL("../RULES.md", import.meta.url), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")));
  expect(rows.map(([, id, finds, source]) => [id, finds, source])).toEqual(
    RULES.map((rule) => [`\`${rule.id}\``, rule.description.replaceAll(/ +/g, " "), rule.source]),
  );
});

test("README.md names the number of rules", () => {
  const page = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(page).toContain(`${RULES.length} rules`);
});
