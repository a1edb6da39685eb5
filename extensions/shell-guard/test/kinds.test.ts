import { expect, test } from "vitest";
import { judge } from "./corpus-files.js";
import { kindsOf, readFirstRun, readKind, readOutOfScope } from "./kind-files.js";

test.each(kindsOf("kinds"))("corpus/kinds/%s.txt: every verdict as written, known misses apart", (kind) => {
  const cases = readKind("kinds", kind);
  expect(new Set(cases.map(({ command }) => command)).size).toBe(cases.length);
  const answers = cases.map((entry) => ({ ...entry, decision: judge(entry.command) }));
  const unlike = answers
    .filter(({ verdict, decision, isKnownWrong }) => (verdict === decision.verdict) === isKnownWrong)
    .map(({ line, decision }) => `${line} -> ${decision.verdict} ${decision.findings[0]?.rule ?? ""}`);
  expect(unlike).toEqual([]);
  for (const { verdict, line } of cases) expect(["block", "confirm", "continue"], line).toContain(verdict);
});

// Between a block and a question, rules and writer may differ; the readme counts that. A pass is never the answer to danger.
const BLIND = (["after", "later"] as const).flatMap((folder) =>
  kindsOf(folder).map((kind) => [folder, kind] as const),
);

test.each(BLIND)("corpus/%s/%s.txt: what is dangerous is stopped, the rest passes", (folder, kind) => {
  const cases = readKind(folder, kind);
  expect(new Set(cases.map(({ command }) => command)).size).toBe(10);
  const unlike = cases
    .map(({ verdict, line, command }) => ({ verdict, line, command, given: judge(command).verdict }))
    .filter(({ command }) => !readOutOfScope().includes(command))
    .filter(({ verdict, given }) => (verdict === "continue") !== (given === "continue"))
    .map(({ line, given }) => `${line} -> ${given}`);
  expect(unlike).toEqual([]);
});

test("the first run was of all that is in corpus/after", () => {
  expect(Object.keys(readFirstRun())).toEqual(kindsOf("after"));
});

test("commands out of scope pass, so that nobody relies on the contrary", () => {
  expect(readOutOfScope().filter((command) => judge(command).verdict !== "continue")).toEqual([]);
});
