import { execFileSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AuditWriter, type Fault } from "@synaps/audit";
import { expect, test } from "vitest";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

/** Megabytes of the log; `SYNAPS_AUDIT_MB=1024` checks a large one, and prints what it took. */
const MB = Number(process.env["SYNAPS_AUDIT_MB"] ?? "48");
const BYTES = 1024 * 1024;
/** A log that is large enough for the memory of a check to be as much as it ever is. */
const SMALL_MB = 8;
/** Memory beyond that of a small log: what the collector has not taken yet. A check that kept the log would take 40 MB more. */
const MORE_MB = 28;

/** Writes a chained log of lines as a host makes them. */
async function written(folder: string, megabytes: number): Promise<void> {
  const writer = new AuditWriter({ folder, clock: { wallMs: () => Date.now() }, chain: true, queue: 10_000 });
  const votes = [{ extension: "shell-guard", subscription: "shell-guard/1", said: "continue", ms: 0.31 }];
  for (let bytes = 0; bytes < megabytes * BYTES; bytes += 1_000 * 420) {
    for (let n = 0; n < 1_000; n += 1)
      void writer.record("before_tool_call", {
        event_id: `${bytes + n}`.padStart(36, "0"),
        session_id: `session-${n % 7}`,
        tool_name: "bash",
        decision: "continue",
        votes,
        duration_ms: n / 100,
      });
    await writer.open();
  }
  await writer.close();
}

interface Checked {
  lines: number;
  runs: number;
  fault: Fault | null;
  megabytes: number;
  seconds: number;
}

/** Checks in a process of its own, so that its memory is that of the check. */
function check(folder: string): Checked {
  const from = performance.now();
  // The collector leaves 48 MB of young objects lying about if it may.
  const args = ["--max-semi-space-size=1", repo("test/e2e/audit/fixtures/verify.mjs"), folder];
  const out = execFileSync(process.execPath, args, { encoding: "utf8" });
  return { ...(JSON.parse(out) as Checked), seconds: (performance.now() - from) / 1000 };
}

/** Flips one bit of the byte that stands there, and returns its line. */
function flip(path: string, at: number): number {
  const fd = openSync(path, "r+");
  const before = Buffer.alloc(at + 1);
  readSync(fd, before, 0, at + 1, 0);
  writeSync(fd, Buffer.from([(before[at] ?? 0) ^ 1]), 0, 1, at);
  closeSync(fd);
  return before.subarray(0, at).toString("latin1").split("\n").length;
}

test(
  verifies("AUDIT-011") +
    `one changed byte and a cut tail of a log of ${MB} MB are found, with the memory of a small one`,
  { timeout: 1_200_000 },
  async () => {
    const [large, small] = [join(tempDir(), "large"), join(tempDir(), "small")];
    await written(large, MB);
    await written(small, SMALL_MB);
    const number = (file: string): number => Number(/\.(\d+)\.jsonl$/.exec(file)?.[1]);
    const files = readdirSync(large).sort((a, b) => number(a) - number(b));
    const sizes = files.map((file) => statSync(join(large, file)).size);
    const bytes = sizes.reduce((sum, one) => sum + one, 0);
    expect(bytes).toBeGreaterThan(MB * BYTES * 0.8);
    const whole = check(large);
    const base = check(small);
    expect([whole.fault, whole.runs, base.fault]).toEqual([null, 1, null]);
    expect(whole.megabytes - base.megabytes).toBeLessThan(MORE_MB);

    const file = files.at(-1) ?? "";
    const at = Math.floor((sizes.at(-1) ?? 0) * 0.9);
    const line = flip(join(large, file), at);
    const changed = check(large);
    expect(changed.fault).toMatchObject({ file, line });
    expect(changed.fault?.kind).toMatch(/^(?:changed|not_a_line|removed_line)$/);
    flip(join(large, file), at);
    expect(check(large).fault).toBeNull();

    truncateSync(join(large, file), (sizes.at(-1) ?? 0) - 1);
    const cut = check(large);
    expect(cut.fault).toMatchObject({ file, kind: "cut_tail" });
    if (process.env["SYNAPS_AUDIT_MB"] !== undefined)
      process.stdout.write(`${JSON.stringify({ bytes, files: files.length, whole, base, changed, cut })}\n`);
  },
);
