import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AuditLog } from "../src/audit-log.js";
import { LogFile } from "../src/log-file.js";
import { linesOf, recordsIn, temporaryFolder } from "./support/folders.js";

function openLog(path: string, maxBytes = 1_000_000): { log: AuditLog; notes: string[]; file: LogFile } {
  const notes: string[] = [];
  const note = (message: string): number => notes.push(message);
  const file = new LogFile({ path, maxBytes, maxFiles: 0, fsync: false, note });
  return { file, notes, log: new AuditLog({ file, content: "summary", note }) };
}

const event = { kind: "on_session_start", session_id: "s" };

test("a line that a crash cut off is mended at the next start", () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  writeFileSync(path, '{"seq":1}\n{"seq":2,"cut');
  const { log, notes } = openLog(path);
  log.open();
  log.record(event);
  expect(linesOf(path).slice(0, 2)).toEqual(['{"seq":1}', '{"seq":2,"cut']);
  expect(JSON.parse(linesOf(path)[2] ?? "")).toMatchObject({ seq: 1, event: "on_session_start" });
  expect(notes).toEqual([
    `the last line of ${path} was cut off in the middle; a new line is started after it`,
  ]);
});

test("a line that another process left cut off is mended before the next record", () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const { log } = openLog(path);
  log.record(event);
  writeFileSync(path, '{"cut', { flag: "a" });
  log.record(event);
  expect(linesOf(path)[1]).toBe('{"cut');
  expect(JSON.parse(linesOf(path)[2] ?? "")).toMatchObject({ seq: 2 });
});

test.skipIf(!existsSync("/dev/full"))("a full disk loses no event silently (needs /dev/full)", () => {
  const folder = temporaryFolder();
  const path = join(folder, "audit.jsonl");
  symlinkSync("/dev/full", path);
  const { log, notes } = openLog(path);
  log.open();
  expect(() => log.record(event)).toThrow(/ENOSPC/);
  expect(() => log.record(event)).toThrow(/ENOSPC/);
  rmSync(path);
  log.record(event);
  log.record(event);
  const records = recordsIn(folder);
  expect(records.map(({ event: kind, seq }) => [kind, seq])).toEqual([
    ["gap", 1],
    ["on_session_start", 3],
    ["on_session_start", 4],
  ]);
  expect(records[0]).toMatchObject({ lost: 2, reason: expect.stringContaining("ENOSPC") });
  expect(notes).toEqual([
    expect.stringContaining("the audit log loses events: ENOSPC"),
    "the audit log is written again; lost events: 2",
  ]);
});

test("a deleted file or folder is created again and the deletion is told", () => {
  const folder = join(temporaryFolder(), "data");
  const path = join(folder, "audit.jsonl");
  const { log, notes } = openLog(path);
  log.record(event);
  rmSync(folder, { recursive: true });
  log.record(event);
  expect(recordsIn(folder)).toEqual([expect.objectContaining({ seq: 2 })]);
  expect(notes).toEqual([`${path} was deleted with its records; a new file is started`]);
});

test("a folder that cannot be created again costs events until it can", () => {
  const folder = join(temporaryFolder(), "data");
  const { log } = openLog(join(folder, "audit.jsonl"));
  log.record(event);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "in the way");
  expect(() => log.record(event)).toThrow(/EEXIST|ENOTDIR/);
  rmSync(folder);
  log.record(event);
  expect(recordsIn(folder).map(({ event: kind, seq }) => [kind, seq])).toEqual([
    ["gap", 2],
    ["on_session_start", 3],
  ]);
});

const isRoot = process.getuid?.() === 0;
test.skipIf(isRoot)("a read-only folder is an error (permissions do not bind the superuser)", () => {
  const folder = join(temporaryFolder(), "data");
  mkdirSync(folder, { mode: 0o500 });
  const { log } = openLog(join(folder, "audit.jsonl"));
  expect(() => log.record(event)).toThrow(/EACCES/);
  chmodSync(folder, 0o700);
  log.record(event);
  expect(recordsIn(folder)[0]).toMatchObject({ event: "gap", lost: 1 });
});

test("a file that another process rotated is left for the new one", () => {
  const folder = temporaryFolder();
  const path = join(folder, "audit.jsonl");
  const { log, notes } = openLog(path);
  log.record(event);
  renameSync(path, join(folder, "audit.20250101T000000Z-1.jsonl"));
  log.record(event);
  expect(linesOf(path)).toHaveLength(1);
  expect(recordsIn(folder)).toHaveLength(2);
  expect(notes).toEqual([]);
});

test("the file behind a symbolic link is the one that is rotated", () => {
  const folder = temporaryFolder();
  const link = join(temporaryFolder(), "link.jsonl");
  symlinkSync(join(folder, "audit.jsonl"), link);
  const { log } = openLog(link, 200);
  for (let n = 0; n < 4; n += 1) log.record(event);
  expect(recordsIn(folder)).toHaveLength(4);
  expect(readFileSync(link, "utf8")).toBe(readFileSync(join(folder, "audit.jsonl"), "utf8"));
});
