import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { servicePlaces } from "@synaps/service";
import { pidOf } from "@synaps/service/server";
import type { CanaryReport } from "@synaps/service/wiring";
import { answeringExtension } from "../../helpers/service.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { cli, type Finished } from "./command.js";

/** A home of its own with a guard that refuses everything; the service that the command starts is ended after the test. */
function home(): { base: string; agents: (...args: string[]) => Promise<Finished> } {
  const folder = tempDir();
  const base = join(folder, ".synaps-cli");
  answeringExtension(join(base, "plugins"), "refuses", { action: "block", reason: "not here" });
  onTestFinished(async () => {
    const pid = pidOf(servicePlaces(base));
    if (pid === undefined) return;
    process.kill(pid, "SIGTERM");
    await until("the service has ended", () => pidOf(servicePlaces(base)) === undefined);
  });
  const env = { HOME: folder, SYNAPS_BASE_DIR: base };
  return { base, agents: (...args) => cli(["agents", ...args], { env }) };
}

const reportOf = ({ stdout }: Finished): CanaryReport => JSON.parse(stdout) as CanaryReport;
const stepsOf = (report: CanaryReport): string[] => report.steps.map(({ step, ok }) => `${step} ${ok}`);

describe("agents test", () => {
  it("says where the road ends when nothing is wired", async () => {
    const { agents } = home();
    const end = await agents("test", "gemini", "--json");
    expect(end.code).toBe(1);
    expect(reportOf(end)).toMatchObject({ ok: false, decision: null, answer: null });
    expect(reportOf(end).steps).toMatchObject([
      { step: "configuration", detail: expect.stringContaining("agents wire gemini") as unknown },
    ]);
  });

  it("says that a file cannot be understood, and not only that nothing was found in it", async () => {
    const { base, agents } = home();
    const path = join(base, "..", ".gemini", "settings.json");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "{ broken");
    const [step] = reportOf(await agents("test", "gemini", "--json")).steps;
    expect(step?.detail).toContain("settings.json");
    expect(step?.detail).toContain("no hook of Synaps for BeforeTool");
  });

  it("goes the whole way for commands and for HTTP, and tells the decision and each step's time", async () => {
    const { agents } = home();
    const whole = ["configuration true", "service true", "hook true", "host true", "extension true"];
    for (const [agent, ...flags] of [["gemini"], ["claude-code"], ["claude-code", "--http"]] as const) {
      expect(await agents("wire", agent, ...flags)).toMatchObject({ code: 0 });
      const end = await agents("test", agent, "--json");
      const report = reportOf(end);
      expect([stepsOf(report), report.ok, end.code], `${agent} ${flags.join()}`).toEqual([whole, true, 0]);
      expect(report).toMatchObject({ decision: "block", by: "refuses" });
      expect(JSON.parse(report.answer?.stdout ?? "")).toEqual({ decision: "block", reason: "not here" });
      for (const { ms } of report.steps) expect(ms).toBeGreaterThanOrEqual(0);
    }
    const { stdout } = await agents("test", "claude-code");
    expect(stdout).toContain("The extensions about 'rm -rf /', which nobody ran: block, by refuses.");
  });

  it("does not say that Codex runs the hook when nobody can ask it", async () => {
    const { agents } = home();
    await agents("wire", "codex");
    const end = await agents("test", "codex", "--json");
    expect([end.code, stepsOf(reportOf(end)).slice(0, 3)]).toEqual([
      1,
      ["configuration true", "trust false", "service true"],
    ]);
    expect(reportOf(end).decision).toBe("block");
  });
});
