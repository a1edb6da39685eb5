import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuditWriter } from "@synaps/audit";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli, type Finished } from "./command.js";

const NOON = Date.UTC(2026, 0, 31, 12);

/** A base folder with the audit of one process. */
async function base(key?: string): Promise<{ folder: string; file: string }> {
  const folder = tempDir();
  let ms = NOON;
  const clock = { wallMs: () => ms };
  const writer = new AuditWriter({ folder: join(folder, "extensions", "audit"), clock, chain: true, key });
  for (const [tool_name, decision] of [
    ["bash", "block"],
    ["read_file", "continue"],
    ["b\u001b[31mash\nx", "continue"],
  ] as const) {
    const labels = decision === "block" ? { labels: { agent: "codex", seq: 7 } } : {};
    void writer.record("before_tool_call", { tool_name, decision, session_id: "s-1", votes: [], ...labels });
    ms += 60_000;
  }
  await writer.open();
  const file = join(folder, "extensions", "audit", writer.status.file ?? "");
  await writer.close();
  return { folder, file };
}

const run = (folder: string, ...args: string[]): Promise<Finished> =>
  cli(["audit", ...args, "--base-dir", folder]);

describe(verifies("AUDIT-008") + "audit query", () => {
  test("prints lines in the order of time, each safe for a terminal", async () => {
    const { folder } = await base();
    const { code, stdout, stderr } = await run(folder, "query", "--event", "before*");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").map((line) => line.replace(/ {2}audit\.\S+jsonl:/, "  file:"))).toEqual(
      [
        '2026-01-31T12:00:00.000Z  before_tool_call bash block session_id="s-1" labels={"agent":"codex","seq":7}  file:2',
        '2026-01-31T12:00:00.000Z  before_tool_call read_file continue session_id="s-1"  file:3',
        '2026-01-31T12:00:00.000Z  before_tool_call b[31mash x continue session_id="s-1"  file:4',
        "",
      ].map((line, n) => line.replace("12:00", `12:0${n}`)),
    );
  });

  test("takes every condition", async () => {
    const { folder } = await base();
    const found = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await run(folder, "query", "--json", "--event", "before_tool_call", ...args);
      return (JSON.parse(stdout) as { records: { metadata: { tool_name: string } }[] }).records.map(
        ({ metadata }) => metadata.tool_name,
      );
    };
    expect(await found("--tool", "read_*")).toEqual(["read_file"]);
    expect(await found("--decision", "block")).toEqual(["bash"]);
    expect(await found("--text", "READ_FILE")).toEqual(["read_file"]);
    expect(await found("--session", "s-2")).toEqual([]);
    expect(await found("--label", "agent=codex", "--label", "seq=7")).toEqual(["bash"]);
    expect(await found("--label", "agent=codex", "--label", "note=undefined")).toEqual([]);
    expect(await found("--since", "2026-01-31T12:01:00Z", "--until", String(NOON + 60_000))).toEqual([
      "read_file",
    ]);
  });

  test("shows the newest, says how many there are, and names damaged lines", async () => {
    const { folder, file } = await base();
    writeFileSync(file, "hello\n", { flag: "a" });
    const { code, stdout, stderr } = await run(folder, "query", "--limit", "1", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      folder: join(folder, "extensions", "audit"),
      files: 1,
      lines: 5,
      matched: 5,
      records: [expect.objectContaining({ event: "audit_stop", seq: 4, number: 5, clockBack: false })],
      unreadable: [{ file: expect.any(String), number: 6, why: "it is no line of an audit log" }],
    });
    expect(stderr).toMatch(
      /^warn: audit\.\S+:6: it is no line of an audit log\nThe newest 1 of 5 lines; --limit shows more\.\n$/,
    );
  });
});

describe(verifies("AUDIT-008") + "audit verify", () => {
  test("ends with 0 when all is right, and with 1 and the place of the first fault when not", async () => {
    const { folder, file } = await base();
    const right = await run(folder, "verify");
    expect([right.code, right.stderr]).toEqual([0, ""]);
    expect(right.stdout).toMatch(
      /^audit\.\S+: ended with its count; 1 file, 5 lines, 3 events, chained\n1 run, 5 lines, 0 faults\n$/,
    );
    writeFileSync(file, readFileSync(file, "utf8").replace("read_file", "read_fill"));
    const wrong = await run(folder, "verify");
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toMatch(/\n {2}changed audit\.\S+:3: its hash does not fit: the line was changed\n/);
    const json = await run(folder, "verify", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      faults: 1,
      runs: [{ end: "unknown", chained: true, fault: { line: 3, kind: "changed" } }],
    });
  });

  test("needs the key of a chain that has one", async () => {
    const { folder } = await base("a secret");
    const keyFile = join(tempDir(), "key");
    writeFileSync(keyFile, "a secret\n");
    expect((await run(folder, "verify")).code).toBe(1);
    expect((await run(folder, "verify", "--key-file", keyFile)).code).toBe(0);
    const missing = await run(folder, "verify", "--key-file", join(keyFile, "not"));
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: The system refused: ENOTDIR/),
    ]);
  });
});

test.each([
  [["query"], 3, "There is no audit at "],
  [["verify"], 3, "There is no audit at "],
  [["look"], 2, "query, verify"],
  [["query", "--limit", "0"], 2, "whole number from 1 to 1000000"],
  [["query", "--since", "yesterday"], 2, "It must be a date"],
  [["query", "--label", "agent"], 2, "It must be a name, '=' and a value"],
])("audit %j ends with %s", async (args, code, message) => {
  const finished = await run(tempDir(), ...args);
  expect([finished.code, finished.stdout]).toEqual([code, ""]);
  expect(finished.stderr).toContain(message);
});
