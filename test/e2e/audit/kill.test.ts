import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditWriter, queryAudit, verifyAudit } from "@synaps/audit";
import type { AuditOptions } from "@synaps/host";
import { describe, expect, onTestFinished, test } from "vitest";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

/** Moments at which a program is killed; `SYNAPS_AUDIT_KILLS=50` tries more of them. */
const KILLS = Number(process.env["SYNAPS_AUDIT_KILLS"] ?? "8");
const PATIENT = { timeout: KILLS * 60_000 };
const QUEUE = 1_024;

/** Figures of a longer run; the suite stays silent. */
function report(text: string): void {
  if (process.env["SYNAPS_AUDIT_KILLS"] !== undefined) process.stdout.write(`${text}\n`);
}

interface Program {
  /** Sessions whose gates were answered so far, in the order of their answers. */
  readonly answered: readonly string[];
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>;
  /** True once its host runs. */
  readonly isStarted: boolean;
  /** Lets a program begin that waits. */
  begin(): void;
  kill(): void;
}

/** Starts a program that raises gates. `limitKb`: kilobytes that a file of it may have. `waits`: until `begin`. */
function gates(
  folder: string,
  options: AuditOptions,
  name: string,
  { count = Infinity, limitKb = 0, waits = false } = {},
): Program {
  const args = [
    repo("test/e2e/audit/fixtures/gates.mjs"),
    folder,
    JSON.stringify(options),
    name,
    String(count),
    ...(waits ? ["wait"] : []),
  ];
  const shell = limitKb > 0 ? `ulimit -f ${limitKb}; ` : "";
  // A file takes every line at once; a pipe may be full.
  const output = join(tempDir(), "answered");
  const fd = openSync(output, "w");
  const child = spawn("bash", ["-c", `${shell}exec "$0" "$@"`, process.execPath, ...args], {
    stdio: [waits ? "pipe" : "ignore", fd, "inherit"],
  });
  closeSync(fd);
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = (): string[] => readFileSync(output, "utf8").split("\n").slice(0, -1);
  return {
    get answered() {
      return lines().filter((line) => line.startsWith(`${name}-`));
    },
    get isStarted() {
      return lines().includes("started");
    },
    begin: () => void child.stdin?.end(),
    ended: once(child, "close"),
    kill: () => void child.kill("SIGKILL"),
  };
}

/** Kills the program once it has printed so many answers. */
async function killedAfter(program: Program, answers: number): Promise<void> {
  await until("it has answered", () => program.answered.length >= answers);
  program.kill();
  await program.ended;
}

async function sessionsIn(folder: string): Promise<Set<string>> {
  const sessions = new Set<string>();
  await queryAudit(folder, { event: "before_tool_call" }, ({ metadata }) =>
    sessions.add(String(metadata["session_id"])),
  );
  return sessions;
}

/** Starts a writer on the folder, as the next program does, and returns its reports. */
async function reportsOf(folder: string): Promise<{ run: string; lost: number }[]> {
  const writer = new AuditWriter({ folder, clock: { wallMs: () => Date.now() } });
  await writer.open();
  await writer.close();
  const reports: { run: string; lost: number }[] = [];
  await queryAudit(folder, { event: "audit_unclean_end" }, ({ metadata }) => reports.push(metadata as never));
  return reports;
}

describe.skipIf(process.platform === "win32")("a program that is killed", () => {
  test(verifies("AUDIT-006") + "with before_answer has every answered event on record", PATIENT, async () => {
    const folder = join(tempDir(), "audit");
    const options: AuditOptions = { durability: "before_answer", chain: true, maxFileBytes: 20_000 };
    const answered: string[] = [];
    for (let n = 0; n < KILLS; n += 1) {
      const program = gates(folder, options, `k${n}`);
      await killedAfter(program, 1 + Math.floor(Math.random() * 400));
      answered.push(...program.answered);
    }
    expect(answered.length).toBeGreaterThan(KILLS);
    const recorded = await sessionsIn(folder);
    expect(answered.filter((session) => !recorded.has(session))).toEqual([]);
    expect(new Set((await reportsOf(folder)).map(({ run }) => run)).size).toBe(KILLS);
    const { runs, faults } = await verifyAudit(folder);
    expect(faults, JSON.stringify(runs.filter(({ fault }) => fault))).toBe(0);
    report(`with before_answer: ${KILLS} kills, ${answered.length} answers, none without a line`);
  });

  test(
    verifies("AUDIT-006") + "with the queue misses as many as it holds, and the next start writes how many",
    PATIENT,
    async () => {
      const folder = join(tempDir(), "audit");
      const programs: Program[] = [];
      const worst: number[] = [];
      for (let n = 0; n < KILLS; n += 1) {
        const program = gates(folder, { queue: QUEUE }, `k${n}`);
        // Some of them at their first answer: it must be counted although the log has only begun.
        await killedAfter(program, n % 4 === 0 ? 1 : 1 + Math.floor(Math.random() * 2_000));
        programs.push(program);
      }
      const recorded = await sessionsIn(folder);
      // A program that was killed between its report and the end of it leaves the report to the next as well.
      expect(new Set((await reportsOf(folder)).map(({ run }) => run)).size).toBe(programs.length);
      const { runs, faults } = await verifyAudit(folder);
      for (const [n, { answered }] of programs.entries()) {
        const missing = answered.filter((session) => !recorded.has(session)).length;
        const { lost, dropped, end } = runs[n] ?? { lost: null, dropped: 0, end: undefined };
        expect(end).toBe("unclean");
        // Events of the last turn are counted although nobody saw their answers.
        expect((lost ?? 0) + dropped).toBeGreaterThanOrEqual(missing);
        expect(dropped).toBe(0);
        expect(lost).toBeLessThanOrEqual(QUEUE);
        worst.push(missing);
      }
      expect(faults).toBe(0);
      report(
        `with the queue: ${programs.length} kills, at most ${Math.max(...worst)} answers without a line`,
      );
    },
  );
});

/** Puts a small file system into a folder, where that is allowed: as root on Linux, outside of most containers. */
function mounted(folder: string, size: string): boolean {
  const options = ["-t", "tmpfs", "-o", `size=${size},mode=700`, "audit", folder];
  return process.platform === "linux" && spawnSync("mount", options).status === 0;
}

const tried = mkdtempSync(join(tmpdir(), "synaps-"));
const canMount = mounted(tried, "64k");
if (canMount) spawnSync("umount", [tried]);
rmdirSync(tried);

/** A file system of its own that is full soon. */
function smallDisk(size: string): string {
  const folder = tempDir();
  expect(mounted(folder, size)).toBe(true);
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  return folder;
}

describe.skipIf(process.platform === "win32")("four programs in one folder", () => {
  test("keep files of their own, rotate under load, and lose nothing", async () => {
    const folder = join(tempDir(), "audit");
    const options: AuditOptions = { chain: true, maxFileBytes: 10_000, queue: 10_000 };
    const programs = ["a", "b", "c", "d"].map((name) => gates(folder, options, name, { count: 500 }));
    await Promise.all(programs.map(({ ended }) => ended));
    const recorded = await sessionsIn(folder);
    expect([...recorded].sort()).toEqual(programs.flatMap(({ answered }) => answered).sort());
    const { runs } = await verifyAudit(folder);
    expect(runs.map(({ events, end, dropped, fault }) => [events, end, dropped, fault])).toEqual(
      Array.from({ length: 4 }, () => [500, "stopped", 0, null]),
    );
    expect(runs.every(({ files }) => files > 5)).toBe(true);
  });

  test("remove old files at the same time, and the check finds none missing that was not removed", async () => {
    const folder = join(tempDir(), "audit");
    const options: AuditOptions = { chain: true, maxFileBytes: 10_000, queue: 10_000, files: 5 };
    const programs = ["a", "b", "c", "d"].map((name) => gates(folder, options, name, { count: 500 }));
    await Promise.all(programs.map(({ ended }) => ended));
    const { runs, faults } = await verifyAudit(folder);
    expect(faults, JSON.stringify(runs)).toBe(0);
    // Five ended ones, and the one that each of four programs wrote to when the last of them was removed.
    expect(runs.reduce((sum, { files }) => sum + files, 0)).toBeLessThanOrEqual(9);
  });

  test.skipIf(!canMount)(verifies("AUDIT-003") + "on a full disk have every drop on record", async () => {
    const folder = smallDisk("160k");
    const names = ["a", "b", "c", "d"];
    const how = { count: 400, waits: true };
    const options: AuditOptions = { chain: true, queue: 20, durability: "before_answer" };
    const programs = names.map((name) => gates(folder, options, name, how));
    await until("all have begun", () => programs.every(({ isStarted }) => isStarted));
    for (const { begin } of programs) begin();
    await Promise.all(programs.map(({ ended }) => ended));
    expect(programs.map(({ answered }) => answered.length)).toEqual(names.map(() => 400));
    const { bavail } = statfsSync(folder);
    expect(bavail).toBeLessThanOrEqual(names.length);
    spawnSync("mount", ["-o", "remount,size=4m", folder]);
    const reports = await reportsOf(folder);
    const recorded = await sessionsIn(folder);
    const { runs, faults } = await verifyAudit(folder);
    const dropped = runs.reduce((sum, one) => sum + one.dropped, 0);
    const counted = reports.reduce((sum, { lost }) => sum + lost, 0);
    expect(recorded.size + dropped + counted).toBe(1_600);
    expect(dropped + counted).toBeGreaterThan(400);
    expect(faults, JSON.stringify(runs)).toBe(0);
  });

  test(verifies("AUDIT-003") + "with files that may grow no more have every drop on record", async () => {
    const folder = join(tempDir(), "audit");
    const programs = ["a", "b", "c", "d"].map((name) =>
      gates(folder, { chain: true, queue: 20 }, name, { count: 300, limitKb: 16 }),
    );
    await Promise.all(programs.map(({ ended }) => ended));
    // Nobody waited for the disk.
    expect(programs.map(({ answered }) => answered.length)).toEqual([300, 300, 300, 300]);
    const recorded = await sessionsIn(folder);
    const reports = await reportsOf(folder);
    expect(recorded.size).toBeGreaterThan(4);
    expect(recorded.size).toBeLessThan(1_200);
    const counted = reports.reduce((sum, { lost }) => sum + lost, 0);
    const { runs, faults } = await verifyAudit(folder);
    const dropped = runs.reduce((sum, one) => sum + one.dropped, 0);
    expect(recorded.size + counted + dropped).toBe(1_200);
    expect(faults).toBe(0);
  });
});
