import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { setImmediate } from "node:timers/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FoundLine, verifyAudit } from "../../packages/audit/src/index.js";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";
import { verifies } from "../requirements/verifies.js";
import { until } from "../helpers/wait.js";
import { call, filesIn, found, newLog } from "./kit.js";

/** A log whose folder cannot be made, until the test takes away what stands in the way. */
function blockedLog(options = {}): ReturnType<typeof newLog> & { clear(): void } {
  const folder = join(tempDir(), "audit");
  writeFileSync(folder, "in the way");
  return { ...newLog({ ...options, folder }), clear: () => rmSync(folder) };
}

const events = async (folder: string): Promise<[string, number][]> =>
  (await found(folder)).map(({ event, seq }) => [event, seq]);

describe("more events than the disk takes", () => {
  it(verifies("AUDIT-003") + "are dropped at their place, counted, and the count is written", async () => {
    const { writer, folder } = newLog({ queue: 10, chain: true });
    for (let n = 0; n < 14; n += 1) void writer.record(...call(n));
    expect(writer.status).toMatchObject({ accepted: 14, lost: 4, waiting: 10, written: 0 });
    await writer.open();
    void writer.record("later", {});
    await writer.close();
    const lines = await found(folder);
    expect(lines.slice(-3).map(({ event, seq }) => [event, seq])).toEqual([
      ["audit_gap", 11],
      ["later", 15],
      ["audit_stop", 16],
    ]);
    expect(lines.at(-3)?.metadata).toEqual({
      lost: 4,
      since: "2026-02-16T10:30:15.123Z",
      reason: "more events than the disk takes",
    });
    expect((await verifyAudit(folder)).runs[0]).toMatchObject({ events: 15, dropped: 4, fault: null });
    expect(writer.status).toMatchObject({ accepted: 15, lost: 4, waiting: 0, written: 11 });
  });

  it("take no more memory than 8 MiB of text", async () => {
    const { writer, folder } = newLog();
    for (let n = 0; n < 10; n += 1) void writer.record("large", { text: "x".repeat(1024 * 1024) });
    expect(writer.status).toMatchObject({ waiting: 7, lost: 3 });
    await writer.close();
    expect((await found(folder, { event: "large" })).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("a single event that is larger than all that may wait is written", async () => {
    const { writer, folder } = newLog();
    void writer.record("large", { text: "x".repeat(9 * 1024 * 1024) });
    await writer.close();
    expect(await found(folder, { event: "large" })).toHaveLength(1);
  });
});

describe("a disk that takes nothing", () => {
  it("is told once, keeps what has room, and counts the rest", async () => {
    const { writer, folder, clear, notes, clock } = blockedLog({ queue: 3 });
    for (let n = 0; n < 3; n += 1) {
      void writer.record(...call(n));
      await writer.open();
    }
    void writer.record(...call(3));
    void writer.record(...call(4));
    expect(writer.status.failing).toMatch(/EEXIST|ENOTDIR/);
    expect(notes).toEqual([expect.stringMatching(/^the audit log in .* cannot be written: E/)]);
    clear();
    // Nothing else happens: the log tries again by itself.
    await clock.pass(250);
    await until(
      "the log is written again",
      () => writer.status.failing === null && writer.status.waiting === 0,
    );
    expect(await events(folder)).toEqual([
      ["audit_open", 1],
      ["before_tool_call", 1],
      ["before_tool_call", 2],
      ["before_tool_call", 3],
      ["audit_gap", 4],
    ]);
    await writer.close();
    expect(notes.slice(1)).toEqual(["the audit log is written again; events without a line: 2"]);
    expect((await verifyAudit(folder)).runs[0]).toMatchObject({ events: 5, dropped: 2, fault: null });
  });

  it("is not asked again for every event", async () => {
    const { writer, notes, clear, clock, folder } = blockedLog();
    void writer.record(...call(0));
    await writer.open();
    clear();
    void writer.record(...call(1));
    await setImmediate();
    expect(writer.status.failing).not.toBeNull();
    // The clock was set back: that must not put the next try off.
    clock.startMs -= 3_600_000;
    void writer.record(...call(2));
    await until("the log is written again", () => writer.status.waiting === 0);
    expect(notes).toHaveLength(2);
    await writer.close();
    expect((await verifyAudit(folder)).faults).toBe(0);
  });

  it.skipIf(process.platform !== "linux")(
    "costs neither files nor open numbers, however often it is tried",
    () => {
      const folder = join(tempDir(), "audit");
      // The limit on file sizes makes the system refuse the first byte, as a full disk does.
      const run = `trap '' XFSZ; ulimit -f 0; exec "$@"`;
      const program = [process.execPath, repo("test/e2e/audit/fixtures/no-room.mjs"), folder];
      const { stdout, stderr } = spawnSync("bash", ["-c", run, "bash", ...program], { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual({
        files: [],
        more: 0,
        notes: [expect.stringMatching(/^the audit log in .* cannot be written: EFBIG/)],
      });
    },
  );

  it("at the end is told, and nothing hangs", async () => {
    const { writer, notes } = blockedLog();
    void writer.record(...call(0));
    await writer.close();
    expect(notes.at(-1)).toMatch(/^the audit log in .* ends without its last lines: /);
  });
});

describe("before_answer", () => {
  it("says yes once the line is in the file", async () => {
    const { writer, folder } = newLog({ durability: "before_answer" });
    const read = (): string =>
      filesIn(folder)
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("");
    for (let n = 0; n < 20; n += 1) {
      const written = writer.record("event", { n });
      expect(await written).toBe(true);
      expect(read()).toContain(`"metadata":{"n":${n}}`);
    }
    await writer.close();
  });

  it("says no while nothing can be written, and the lines follow when they can", async () => {
    const { writer, folder, clear, clock } = blockedLog({ durability: "before_answer", queue: 2 });
    expect(await writer.record("first", {})).toBe(false);
    expect(await writer.record("second", {})).toBe(false);
    expect(await writer.record("third", {})).toBe(false);
    clear();
    await clock.pass(250);
    await until("the log is written again", () => writer.status.waiting === 0);
    expect(await writer.record("fourth", {})).toBe(true);
    await writer.close();
    expect(await writer.record("fifth", {})).toBe(false);
    expect((await events(folder)).map(([event]) => event)).toEqual([
      "audit_open",
      "first",
      "second",
      "audit_gap",
      "fourth",
      "audit_stop",
    ]);
  });
});

describe("files that somebody takes away", () => {
  it("a removed file is replaced, and its loss is found", async () => {
    const { writer, folder, notes, clock } = newLog({ chain: true });
    void writer.record(...call(0));
    await writer.open();
    const [file = ""] = filesIn(folder);
    rmSync(join(folder, file));
    void writer.record(...call(1));
    await writer.open();
    await clock.pass(250);
    await until("the log is written again", () => writer.status.waiting === 0);
    await writer.close();
    expect(notes[0]).toContain("was removed with its records");
    expect((await found(folder, { event: "before_tool_call" })).map(({ seq }) => seq)).toEqual([2]);
    expect((await verifyAudit(folder)).runs[0]?.fault?.kind).toBe("missing_file");
  });
});

describe("the run of a killed process whose file cannot be read", () => {
  it("is reported with the reason, and not as if all of its events were lost", async () => {
    const dead = newLog({}, 2 ** 22 + 1);
    void dead.writer.record(...call(0));
    await dead.writer.open();
    const [file = ""] = filesIn(dead.folder);
    renameSync(join(dead.folder, file), join(dead.folder, "elsewhere"));
    mkdirSync(join(dead.folder, file));
    const next = newLog({ folder: dead.folder });
    await next.writer.open();
    await next.writer.close();
    const [end] = await found(dead.folder, { event: "audit_unclean_end" });
    expect(end?.metadata).toMatchObject({ file, lost: null, unreadable: expect.stringMatching(/^EISDIR/) });
    expect(readdirSync(dead.folder).filter((name) => name.includes(".open"))).toEqual([]);
    await dead.writer.close();
  });
});

describe("a marker that is empty", () => {
  const startsBeside = async (marker: string, ageMs: number): Promise<FoundLine[]> => {
    const { writer, folder } = newLog();
    mkdirSync(folder);
    writeFileSync(join(folder, marker), "");
    const madeAt = new Date(Date.now() - ageMs);
    utimesSync(join(folder, marker), madeAt, madeAt);
    await writer.open();
    expect(existsSync(join(folder, marker))).toBe(ageMs === 0);
    await writer.close();
    return found(folder, { event: "audit_unclean_end" });
  };
  const marker = `audit.20260216T103015000Z-${process.ppid}.open`;

  it("is left to a living process that made it this moment: it is about to fill it", async () => {
    expect(await startsBeside(marker, 0)).toEqual([]);
  });

  it("is reported as an unclean end when it stays empty, as after a loss of power", async () => {
    const [end] = await startsBeside(marker, 60_000);
    expect(end?.metadata).toMatchObject({ run: marker.replace(".open", ""), lost: null });
  });
});
