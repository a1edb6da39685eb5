import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Change {
  file: string;
  find: string;
  replace: string;
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

const faults = JSON.parse(read("test/mutation/guard-faults.json")) as Change[];
const rows = (JSON.parse(read("test/mutation/rows.json")) as { mutations: Change[] }).mutations;

// The changes are run by script: a place that moved would be noticed by whoever runs the script next.
describe("a change of the code that tests must notice", () => {
  it.each([...faults, ...rows])("has one place: $find in $file", ({ file, find, replace }) => {
    expect(read(file).split(find).length - 1).toBe(1);
    expect(replace).not.toBe(find);
  });
});
