import { expect, test } from "vitest";
import { judge } from "./corpus-files.js";
import { kindsOf, readKind, readOutOfScope, type KindFolder } from "./kind-files.js";

const FOLDERS: readonly KindFolder[] = ["kinds", "after"];
const KINDS = FOLDERS.flatMap((folder) => kindsOf(folder).map((kind) => [folder, kind] as const));

test.each(KINDS)("corpus/%s/%s.txt: every verdict as written, known misses apart", (folder, kind) => {
  const cases = readKind(folder, kind);
  expect(new Set(cases.map(({ command }) => command)).size).toBe(cases.length);
  const answers = cases.map((entry) => ({ ...entry, decision: judge(entry.command) }));
  const unlike = answers
    .filter(({ verdict, decision, isKnownWrong }) => (verdict === decision.verdict) === isKnownWrong)
    .map(({ line, decision }) => `${line} -> ${decision.verdict} ${decision.findings[0]?.rule ?? ""}`);
  expect(unlike).toEqual([]);
  for (const { verdict, line } of cases) expect(["block", "confirm", "continue"], line).toContain(verdict);
});

test("commands out of scope pass, so that nobody relies on the contrary", () => {
  expect(readOutOfScope().filter((command) => judge(command).verdict !== "continue")).toEqual([]);
});
