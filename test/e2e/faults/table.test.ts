import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host, Outcome } from "@synaps/host";
import { expect, it } from "vitest";
import { startedHost, type LogLine } from "../../helpers/hosts.js";
import { FIXTURES, repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { call, inState, quickHook, statusOf, variant, votes } from "../host/support/fixture.js";
import { HABITS, type Habit } from "./habits.js";
import { verifies } from "../../requirements/verifies.js";

/** What the state says about why, and what the log recommends. */
function diagnosis(host: Host, log: readonly LogLine[]): { reason: string; hint: string } {
  const { diagnostics, process: one } = statusOf(host, "bad");
  // Warnings tell of single answers; an error is the reason why there never was a process.
  const problem = diagnostics.find(({ severity }) => severity === "error");
  if (problem) return { reason: `${problem.code}: ${problem.message}`, hint: problem.hint ?? "" };
  const crash = log.find(({ message }) => message === "extension crashed");
  return { reason: one?.reason ?? "", hint: String(crash?.fields["hint"]) };
}

async function raise(host: Host, { inputs, votes: expected }: Habit): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const input of inputs ?? expected.map(() => ({}))) outcomes.push(await host.emit(call(input)));
  return outcomes;
}

it.each(HABITS.map((one) => [[one.habit, ...(one.args ?? [])].join(" "), one] as const))(
  verifies("FAIL-027") + "%s",
  async (_name, habit) => {
    const folder = tempDir();
    const args = habit.args?.map((arg) => (arg === "memory" ? `${folder}/memory` : arg));
    variant(folder, habit.habit, {
      id: "bad",
      ...(args ? { args } : {}),
      ...(habit.deadlineMs === undefined ? {} : { extension: { hooks: [quickHook(habit.deadlineMs)] } }),
    });
    // Before it, so that no verdict of the bad one keeps it from being asked.
    variant(folder, "echoes-votes", {
      id: "good",
      extension: { hooks: [quickHook(30_000, { priority: "high" })] },
    });
    const { host, log } = await startedHost([folder], {
      limits: { breakerProbeMs: 60_000, ...habit.limits },
    });
    const outcomes = await raise(host, habit);

    expect(outcomes.map((outcome) => votes(outcome)[1])).toEqual(habit.votes.map((vote) => `bad: ${vote}`));
    for (const outcome of outcomes) expect(votes(outcome)[0]).toBe("good: continue");
    // A deadline that is late because the machine lagged counts against nobody: then one more has to pass.
    const isHung = habit.votes.at(-1) === "abstained timeout";
    const restarts = (): number => statusOf(host, "bad").process?.restartCount ?? 0;
    for (let more = 0; more < 5 && isHung && habit.restarted && restarts() === 0; more += 1)
      await host.emit(call({ more }));
    const status = await inState(host, "bad", habit.state);
    expect((status.process?.restartCount ?? 0) > 0).toBe(habit.restarted ?? false);
    if (habit.detail !== undefined) expect(outcomes.at(-1)?.votes[1]).toMatchObject({ detail: habit.detail });
    const { reason, hint } = diagnosis(host, log);
    for (const part of habit.reason ?? []) expect(reason).toContain(part);
    if (habit.hint !== undefined) expect(hint).toContain(habit.hint);
    const lines = log.map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`);
    if (habit.restarted)
      expect(log.find(({ message }) => message === "extension crashed")?.fields).toMatchObject({
        extension: "bad",
        reason: expect.stringMatching(/\S/),
        hint: expect.stringMatching(/\S/),
        next: "restart",
      });
    // One report for each end, neither more nor less.
    const crashes = log.filter(({ message }) => message === "extension crashed").length;
    expect(crashes).toBe(status.process?.restartCount ?? 0);
    if (habit.state === "failed") expect(lines).toContainEqual(expect.stringMatching(/^Extension 'bad' /));
    if (habit.log) expect(lines).toContainEqual(expect.stringMatching(habit.log));
  },
);

/** The sources of all tests but these, which name each fixture they use. */
function otherTests(): string[] {
  const names = readdirSync(repo("test"), { recursive: true, encoding: "utf8" });
  const own = ["e2e/faults/table.test.ts", "e2e/faults/habits.ts"];
  return names
    .filter((name) => name.endsWith(".ts") && !own.includes(name))
    .map((name) => readFileSync(repo(join("test", name)), "utf8"));
}

it(verifies("FAIL-028") + "every fixture is in the table, or has a test of its own that names it", () => {
  const sources = otherTests();
  const inTable = new Set(HABITS.map(({ habit }) => habit));
  const used = (name: string): boolean =>
    inTable.has(name) || sources.some((source) => source.includes(`"${name}"`));
  expect(readdirSync(FIXTURES).filter((name) => !used(name))).toEqual([]);
});
