import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { faultsOf, pageOf, readRows } from "../../scripts/seed-rows.mjs";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";

it("names tests that exist and lines that stand once in the sources", () => {
  const rows = readRows();
  expect(rows.length).toBeGreaterThan(50);
  expect(faultsOf(rows)).toEqual([]);
});

it("would name a row whose test or line is gone", () => {
  const [first] = readRows().filter(({ mutation }) => mutation);
  const changed = {
    ...first,
    test: { file: first?.test?.file, name: "a test that nobody wrote" },
    mutation: { ...first?.mutation, find: "a line that nobody wrote" },
  };
  expect(faultsOf([changed] as never)).toHaveLength(2);
});

it("is the page that stands in the documentation", () => {
  const page = join(tempDir(), "seeds.md");
  const { status } = spawnSync(process.execPath, [repo("scripts/seeds.mjs"), page], { cwd: repo("") });
  expect(status).toBe(0);
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(page, "utf8")).toBe(pageOf(readRows()));
  const plain = (text: string): string => text.replaceAll(/[ -]+/g, " ");
  expect(plain(readFileSync(repo("docs/seeds.md"), "utf8"))).toBe(plain(readFileSync(page, "utf8")));
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
