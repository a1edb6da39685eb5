import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
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
const QUEUE = 1_024;

interface Program {
  /** Sessions whose gates were answered so far, in the order of their answers. */
  readonly answered: readonly string[];
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>;
  kill(): void;
}

/** Starts a program that raises gates. `limitKb`: kilobytes that a file of it may have. */
function gates(
  folder: string,
  options: AuditOptions,
  name: string,
  { count = Infinity, limitKb = 0 } = {},
): Program {
  const args = [
    repo("test/e2e/audit/fixtures/gates.mjs"),
    folder,
    JSON.stringify(options),
    name,
    String(count),
  ];
  const shell = limitKb > 0 ? `ulimit -f ${limitKb}; ` : "";
  // A file takes every line at once; a pipe may be full.
  const output = join(tempDir(), "answered");
  const fd = openSync(output, "w");
  const child = spawn("bash", ["-c", `${shell}exec "$0" "$@"`, process.execPath, ...args], {
    stdio: ["ignore", fd, "inherit"],
  });
  closeSync(fd);
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    get answered() {
      const lines = readFileSync(output, "utf8").split("\n").slice(0, -1);
      return lines.filter((line) => line.startsWith(`${name}-`));
    },
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
  test(verifies("AUDIT-006") + "with before_answer has every answered event on record", async () => {
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
  });

  test(
    verifies("AUDIT-006") + "with the queue misses as many as it holds, and the next start writes how many",
    async () => {
      const folder = join(tempDir(), "audit");
      const programs: Program[] = [];
      for (let n = 0; n < Math.min(KILLS, 6); n += 1) {
        const program = gates(folder, { queue: QUEUE }, `k${n}`);
        await killedAfter(program, 1 + Math.floor(Math.random() * 2_000));
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
      }
      expect(faults).toBe(0);
    },
  );
});

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

  test(verifies("AUDIT-003") + "on a disk that becomes full have every drop on record", async () => {
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
