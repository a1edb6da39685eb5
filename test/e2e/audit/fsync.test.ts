import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyAudit } from "@synaps/audit";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const GATES = 5;

/** Calls of the file system that Node made for an audited program that raised gates one after the other. */
async function callsWith(options: object): Promise<string[]> {
  const folder = tempDir();
  const [audit, trace] = [join(folder, "audit"), join(folder, "trace.json")];
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      "--trace-event-categories",
      "node.fs.async",
      "--trace-event-file-pattern",
      trace,
      repo("test/e2e/audit/fixtures/gates.mjs"),
      audit,
      JSON.stringify({ durability: "before_answer", chain: true, ...options }),
      "a",
      String(GATES),
    ],
    { encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([0, ""]);
  expect((await verifyAudit(audit)).runs).toMatchObject([{ events: GATES, end: "stopped", fault: null }]);
  const { traceEvents } = JSON.parse(readFileSync(trace, "utf8")) as {
    traceEvents: { name: string; ph: string }[];
  };
  return traceEvents.filter(({ ph }) => ph === "b").map(({ name }) => name);
}

const countOf = (calls: string[], name: string): number => calls.filter((one) => one === name).length;

test(
  verifies("AUDIT-010") + "with fsync each write is forced to the disk, and without it none is",
  async () => {
    const forced = await callsWith({ fsync: true });
    // The first line of the file, the gates (some of one turn together), and the last line.
    expect(countOf(forced, "fdatasync")).toBeGreaterThan(2);
    // The folder, which has the name of the file.
    expect(countOf(forced, "fsync")).toBe(1);
    const others = await callsWith({});
    expect([countOf(others, "fdatasync"), countOf(others, "fsync")]).toEqual([0, 0]);
  },
);
