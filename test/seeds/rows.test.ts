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
const { faultsOf, readRows } = (await import(repo("scripts/seed-rows.mjs"))) as Rows;

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

it("is the page that stands in the documentation", () => {
  const page = join(tempDir(), "seeds.md");
  const { status } = spawnSync(process.execPath, [repo("scripts/seeds.mjs"), page], { cwd: repo("") });
  expect(status).toBe(0);
  expect(readFileSync(page, "utf8")).toBe(readFileSync(repo("docs/seeds.md"), "utf8"));
});

it("has tests that notice the changed line: two rows that HEAD draws", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [repo("scripts/seeds.mjs"), "--run", "drawn", "--parallel", "1"],
    { cwd: repo(""), encoding: "utf8" },
  );
  expect(`${stdout}${stderr}`).toMatch(/2 of 2 changes made their test fail\./);
  expect(status).toBe(0);
});
