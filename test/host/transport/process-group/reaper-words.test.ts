import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nullLogger, type LogFields } from "../../../../packages/host/src/logger.js";
import { Reaper } from "../../../../packages/host/src/transport/process/reaper.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";

const HINT = "should the host be killed, its extensions may run on until the next start";
const MESSAGE = "the reaper of extension processes ended";

/** A reaper whose process writes down what it is told, on a clock that stands still. */
function reaper(script = 'cat >> "$OUT"', command = "/bin/sh") {
  const out = join(tempDir(), "out");
  const clock = new FakeClock();
  const warnings: [string, LogFields | undefined][] = [];
  const logger = {
    ...nullLogger,
    warn: (message: string, fields?: LogFields) => void warnings.push([message, fields]),
  };
  const made = new Reaper({ command: { command, args: ["-c", script], env: { OUT: out } }, clock, logger });
  onTestFinished(() => made.close());
  const heard = (): string => (existsSync(out) ? readFileSync(out, "utf8") : "");
  const hears = (text: string): Promise<void> => until(`it heard ${text}`, () => heard() === text);
  /** Kills the process, and waits until the reaper knows. */
  const kill = async (): Promise<void> => {
    const { pid } = made;
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await until("its end is known", () => made.pid !== pid);
  };
  return { made, clock, warnings, heard, hears, kill };
}

describe.skipIf(process.platform === "win32")("the reaper", () => {
  it("is told of each start and each end in a line, and of nothing twice", async () => {
    const { made, hears } = reaper();
    expect(made.pid).toBeUndefined();
    made.announce("/a folder");
    const { pid } = made;
    expect(pid).toBeGreaterThan(0);
    made.add(5);
    for (const folder of ["/b\nx", "/b\rx"]) made.announce(folder);
    made.add(undefined);
    made.remove(6);
    for (let n = 0; n < 2; n += 1) made.remove(5);
    expect(made.pid).toBe(pid);
    made.close();
    await hears("?/a folder\n+5\n?\n-5\n");
  });

  it("that was closed is told nothing and not started again, and no warning says that it ended", async () => {
    const { made, clock, hears, warnings } = reaper();
    made.announce("/a");
    made.add(5);
    await clock.pass(5_000);
    made.close();
    made.announce("/b");
    made.add(6);
    await hears("?/a\n+5\n");
    await until("it is gone", () => made.pid === undefined);
    made.announce("/c");
    expect([made.pid, warnings]).toEqual([undefined, []]);
  });

  it("that ends after a second or more is started again at once, and told of all that live", async () => {
    const { made, clock, hears, warnings, kill } = reaper();
    made.announce("/a");
    for (const group of [5, 6, 7]) made.add(group);
    made.remove(6);
    await hears("?/a\n+5\n+6\n+7\n-6\n");
    await clock.pass(1_000);
    await kill();
    expect(made.pid).toBeGreaterThan(0);
    await hears("?/a\n+5\n+6\n+7\n-6\n+5\n+7\n");
    expect(warnings).toEqual([[MESSAGE, { reason: "it ended by SIGKILL", hint: HINT }]]);
    // Its life begins anew.
    await clock.pass(999);
    await kill();
    expect([made.pid, warnings.length]).toEqual([undefined, 1]);
  });

  it("that ends sooner, or has nobody to kill, is started again with the next child", async () => {
    const { made, clock, hears, kill } = reaper();
    made.announce("/a");
    made.add(5);
    await hears("?/a\n+5\n");
    await clock.pass(999);
    await kill();
    expect(made.pid).toBeUndefined();
    made.remove(5);
    made.announce("/b");
    await hears("?/a\n+5\n?/b\n");
    await clock.pass(5_000);
    await kill();
    expect(made.pid).toBeUndefined();
  });

  it("that ends by itself or was never started is warned of with the reason", async () => {
    const ended = reaper("exit 3");
    ended.made.announce("/a");
    await until("it is warned of", () => ended.warnings.length > 0);
    expect(ended.warnings).toEqual([[MESSAGE, { reason: "it ended by code 3", hint: HINT }]]);
    const missing = reaper("", "/none/such");
    missing.made.announce("/a");
    await until("it is warned of", () => missing.warnings.length > 0);
    expect(missing.warnings[0]?.[1]?.["reason"]).toContain("ENOENT");
    const refused = reaper("\0");
    refused.made.announce("/a");
    expect(refused.made.pid).toBeUndefined();
    expect(refused.warnings).toEqual([
      [MESSAGE, { reason: expect.stringContaining("null bytes"), hint: HINT }],
    ]);
    refused.made.add(5);
    expect(refused.warnings).toHaveLength(1);
  });
});
