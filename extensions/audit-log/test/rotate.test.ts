import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LogFile } from "../src/log-file.js";
import { rotate } from "../src/rotate.js";
import { linesOf, temporaryFolder } from "./support/folders.js";

const NOON = new Date("2025-03-01T12:00:00.900Z");
const note = (message: string): never => {
  throw new Error(message);
};

function rotated(folder: string, maxFiles: number, now = NOON): string[] {
  writeFileSync(join(folder, "audit.jsonl"), "{}\n");
  rotate(join(folder, "audit.jsonl"), { maxFiles, now, note });
  return readdirSync(folder).sort();
}

test("names are the time and a number", () => {
  const folder = temporaryFolder();
  rotated(folder, 0);
  expect(rotated(folder, 0)).toEqual(["audit.20250301T120000Z-1.jsonl", "audit.20250301T120000Z-2.jsonl"]);
});

test("the oldest files are removed, by number and not by spelling", () => {
  const folder = temporaryFolder();
  for (let n = 0; n < 11; n += 1) rotated(folder, 3);
  expect(rotated(folder, 3)).toEqual([
    "audit.20250301T120000Z-10.jsonl",
    "audit.20250301T120000Z-11.jsonl",
    "audit.20250301T120000Z-12.jsonl",
  ]);
});

test("a clock that is set back makes no file older than it is", () => {
  const folder = temporaryFolder();
  rotated(folder, 1);
  expect(rotated(folder, 1, new Date("2020-01-01T00:00:00Z"))).toEqual(["audit.20250301T120000Z-2.jsonl"]);
});

test("files of other names are never touched", () => {
  const folder = temporaryFolder();
  const others = ["audit.20200101T000000Z-1.jsonl.gz", "audit.old.jsonl", "other.20200101T000000Z-1.jsonl"];
  for (const name of others) writeFileSync(join(folder, name), "x");
  rotated(folder, 1);
  expect(rotated(folder, 1)).toEqual(["audit.20250301T120000Z-2.jsonl", ...others].sort());
});

test("a name reserved by somebody else neither counts nor is it removed", () => {
  const folder = temporaryFolder();
  rotated(folder, 1);
  writeFileSync(join(folder, "audit.20250301T120000Z-2.jsonl"), "");
  expect(rotated(folder, 1)).toEqual(["audit.20250301T120000Z-3.jsonl"]);
  writeFileSync(join(folder, "audit.20250301T120000Z-4.jsonl"), "");
  rotate(join(folder, "audit.jsonl"), { maxFiles: 1, now: NOON, note });
  expect(readdirSync(folder)).toContain("audit.20250301T120000Z-4.jsonl");
});

test("another process that was faster with the same file does no harm", () => {
  const folder = temporaryFolder();
  rotate(join(folder, "audit.jsonl"), { maxFiles: 5, now: NOON, note });
  expect(readdirSync(folder)).toEqual([]);
});

test("a file is rotated before it becomes too large, and a larger record has one of its own", () => {
  const folder = temporaryFolder();
  const path = join(folder, "audit.jsonl");
  const file = new LogFile({ path, maxBytes: 10, maxFiles: 0, fsync: true, note, now: () => NOON });
  for (const line of ["1234\n", "5678\n", "9\n", "a line of more than ten bytes\n", "b\n"]) file.append(line);
  file.close();
  const files = readdirSync(folder).sort();
  expect(files.map((name) => linesOf(join(folder, name)))).toEqual([
    ["1234", "5678"],
    ["9"],
    ["a line of more than ten bytes"],
    ["b"],
  ]);
});
