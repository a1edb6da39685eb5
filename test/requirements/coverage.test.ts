import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { REQUIREMENTS, type Requirement } from "../requirements.js";
import { allCitations, citationsIn, prefixOf } from "./citations.js";
import { REFERENCE_TESTS } from "./reference-tests.js";

const byId = new Map(REQUIREMENTS.map((row) => [row.id, row]));
const prefixes = new Set(REQUIREMENTS.map(({ id }) => prefixOf(id)));
const citations = allCitations(repo("test"), prefixes);
citations.delete("requirements/coverage.test.ts");
const cited = new Set([...citations.values()].flatMap((ids) => [...ids]));

const waits = ({ status }: Requirement): boolean => typeof status === "object" && "later" in status;

it("every row has an id of its own, well formed, and says something", () => {
  const ids = REQUIREMENTS.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  expect(ids.filter((id) => !/^[A-Z][A-Z0-9]*-\d{3}$/.test(id))).toEqual([]);
  for (const { id, source, behaviour, status } of REQUIREMENTS) {
    expect(behaviour, id).toMatch(/^\S.*\.$/);
    expect(source, id).toMatch(/\S/);
    expect(Object.values(typeof status === "object" ? status : { status }).join(), id).toMatch(/\S/);
  }
});

it("every row that is done or superseded is proved by a test", () => {
  expect(REQUIREMENTS.filter((row) => !waits(row) && !cited.has(row.id)).map(({ id }) => id)).toEqual([]);
});

it("no test cites a row that does not exist, or one that waits for something", () => {
  const wrong = [...citations].flatMap(([file, ids]) =>
    [...ids].flatMap((id) => {
      const row = byId.get(id);
      return row && !waits(row) ? [] : [`${file}: ${id} ${row ? "waits" : "is unknown"}`];
    }),
  );
  expect(wrong).toEqual([]);
});

it("every test of the reference has a row, and no row names a test that it does not have", () => {
  const known = Object.entries(REFERENCE_TESTS).flatMap(([area, names]) =>
    names.map((name) => `${area}: ${name}`),
  );
  const sources = new Set(REQUIREMENTS.map(({ source }) => source));
  expect(known.filter((name, at) => known.indexOf(name) !== at)).toEqual([]);
  expect(known.filter((name) => !sources.has(name))).toEqual([]);
  const claimed = [...sources].filter((source) => /: [a-z0-9]+(_[a-z0-9]+)+$/.test(source));
  expect(claimed.filter((source) => !known.includes(source))).toEqual([]);
});

it("citations are found in calls, also over several lines, and in tables", () => {
  const source = `verifies("HOOK-001", \n "MADE-UP")\n ["PROC-002", 1], "UTF-008", HOOK-003, 'PROC-004'`;
  expect([...citationsIn(source, new Set(["HOOK", "PROC"]))]).toEqual(["HOOK-001", "MADE-UP", "PROC-002"]);
});
