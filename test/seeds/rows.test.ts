import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";

interface Row {
  test?: { file: string; name: string };
  mutation?: { file: string; find: string; replace: string };
}
interface Rows {
  readRows(): Row[];
  faultsOf(rows: readonly Row[]): string[];
}
interface Defect {
  number: number;
  copies: {
    test: { file: string; name: string };
    changes: { file: string; find: string; replace: string }[];
  }[];
}
interface Defects {
  readDefects(): Defect[];
  defectFaultsOf(defects: readonly Defect[]): string[];
}
const { faultsOf, readRows } = (await import(repo("scripts/seed-rows.mjs"))) as Rows;
const { defectFaultsOf, readDefects } = (await import(repo("scripts/seed-defects.mjs"))) as Defects;

it("names tests that exist and lines that stand once in the sources", () => {
  const rows = readRows();
  expect(rows.length).toBeGreaterThan(50);
  expect(faultsOf(rows)).toEqual([]);
});

it("would name a row whose test or line is gone", () => {
  const [first] = readRows().filter(({ mutation }) => mutation);
  if (!first?.test || !first.mutation) throw new Error("there is no such row");
  const changed = {
    ...first,
    test: { ...first.test, name: "a test that nobody wrote" },
    mutation: { ...first.mutation, find: "a line that nobody wrote" },
  };
  expect(faultsOf([changed])).toHaveLength(2);
});

it("has a file for each of the 16 defects, with tests that exist and texts that stand once in the sources", () => {
  const defects = readDefects();
  expect(defects.map(({ number }) => number)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
  expect(defectFaultsOf(defects)).toEqual([]);
});

it("would name a defect whose file, test or text is gone", () => {
  const [first, ...others] = readDefects();
  if (!first) throw new Error("there is no defect");
  expect(defectFaultsOf(others)).toEqual(["defect 1 has not exactly one file"]);
  const [copy] = structuredClone(first).copies;
  const lost = { file: "packages/host/src/host.ts", find: "a text that nobody wrote", replace: "" };
  const wrong = {
    ...first,
    copies: [{ ...copy, test: { file: "test/x.ts", name: "a test" }, changes: [lost] }],
  };
  expect(defectFaultsOf([wrong as Defect, ...others])).toEqual([
    expect.stringContaining("the test of a copy is not named 'defect 1: …'"),
    expect.stringContaining("there is no test/x.ts"),
    expect.stringContaining("'a text that nobody wrote' stands 0 times"),
  ]);
});

it("is the page that stands in the documentation", () => {
  const page = join(tempDir(), "seeds.md");
  const { status } = spawnSync(process.execPath, [repo("scripts/seeds.mjs"), page], { cwd: repo("") });
  expect(status).toBe(0);
  expect(readFileSync(page, "utf8")).toBe(readFileSync(repo("docs/seeds.md"), "utf8"));
});

// It starts the tests four times: a busy machine takes its time.
it("has tests that notice the changed line: two rows and a defect that HEAD draws", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [repo("scripts/seeds.mjs"), "--run", "drawn", "--parallel", "1"],
    { cwd: repo(""), encoding: "utf8" },
  );
  expect(`${stdout}${stderr}`).toMatch(/3 of 3 changes made their test fail\./);
  expect(status).toBe(0);
}, 600_000);
