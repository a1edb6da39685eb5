import { describe, expect, it } from "vitest";
import { writeJson } from "../helpers/temp.js";
import { AGENTS, missing, type Agent, type Moment } from "./kit/agents.js";
import { configure, effectOf, handWritten, happened, type Answer, type Hooks } from "./kit/hooks.js";
import type { Turn } from "./kit/model/script.js";
import { placeForTest, type Place } from "./kit/place.js";
import { cell, row } from "./kit/report.js";
import { runAgent, type Run } from "./kit/run.js";

/** What becomes of the tool call: it runs, or the model reads a refusal instead. */
type Fate = "runs" | "blocked";

interface Case {
  readonly trap: string;
  readonly name: string;
  readonly answer: Answer;
  /** Claude Code, Codex, Gemini CLI. */
  readonly fates: readonly [Fate, Fate, Fate];
}

const json = (value: object): Answer => ({ stdout: JSON.stringify(value) });
const BLOCK = { decision: "block", reason: "WHY-IT-IS-REFUSED" };
const WHY = BLOCK.reason;
const inner = (more: object): object => ({ hookSpecificOutput: { hookEventName: "PreToolUse", ...more } });
const DENY = inner({ permissionDecision: "deny", permissionDecisionReason: WHY });

/** Answers of a hook before a tool call. The first two are the shapes that hold everywhere. */
const CASES: readonly Case[] = [
  at("a block that holds", "block", json(BLOCK), ["blocked", "blocked", "blocked"]),
  at("a block that holds", "exit-2", { stderr: WHY, exit: 2 }, ["blocked", "blocked", "blocked"]),
  at("a block that holds", "nothing", {}, ["runs", "runs", "runs"]),
  at("1 all fails open", "exit-1", { stderr: "broken", exit: 1 }, ["runs", "runs", "runs"]),
  at("1 all fails open", "bad-json", { stdout: '{"decision":"block","rea' }, ["runs", "runs", "runs"]),
  at("1 all fails open", "killed", { script: "kill -9 $$" }, ["runs", "runs", "runs"]),
  at("1 all fails open", "log-line", { stdout: `starting\n${JSON.stringify(BLOCK)}` }, [
    "runs",
    "runs",
    "runs",
  ]),
  at("2 one wrong key", "deny", json({ ...BLOCK, decision: "deny" }), ["runs", "runs", "blocked"]),
  at("2 one wrong key", "deny-both", json({ ...DENY, decision: "deny", reason: WHY }), [
    "runs",
    "runs",
    "blocked",
  ]),
  at("2 one wrong key", "unknown-key", json({ ...BLOCK, x: 1 }), ["blocked", "runs", "blocked"]),
  at("2 one wrong key", "inner-alone", json(DENY), ["blocked", "blocked", "runs"]),
  at("2 one wrong key", "no-reason", json({ decision: "block" }), ["blocked", "runs", "blocked"]),
  at("3 exit 2 without a word", "exit-2-silent", { exit: 2 }, ["blocked", "runs", "runs"]),
  at("3 exit 2 without a word", "exit-2-stdout", { stdout: WHY, exit: 2 }, ["blocked", "runs", "blocked"]),
  at("4 JSON and exit code", "exit-2-empty", { stdout: "{}", stderr: WHY, exit: 2 }, [
    "blocked",
    "blocked",
    "runs",
  ]),
  at("4 JSON and exit code", "exit-1-block", { ...json(BLOCK), exit: 1 }, ["blocked", "runs", "blocked"]),
  at("5 no such hook", "missing", { script: "exec /nowhere/hook" }, ["runs", "runs", "blocked"]),
  at("5 no such hook", "forbidden", { script: 'exec "$0"' }, ["runs", "runs", "blocked"]),
  at("10 ask", "ask-inner", json(inner({ permissionDecision: "ask", permissionDecisionReason: WHY })), [
    "blocked",
    "runs",
    "runs",
  ]),
];

const OUTPUT = "output replaced after the tool: what the model reads";
const PAST = "past all hooks";
const MOMENTS: readonly Moment[] = ["prompt", "before", "after", "failed", "stop"];

for (const [place, agent] of AGENTS.entries()) {
  const reason = missing(agent);
  describe.skipIf(reason !== undefined)(`${agent.title}${reason === undefined ? "" : `: ${reason}`}`, () => {
    it("obeys or passes over each answer before a tool call as the table says, and waits for none too long", async () => {
      const { found, hooks, run } = await before(agent);
      const wanted = CASES.map((one) => [one.name, one.fates[place]]);
      expect(found).toEqual(wanted);
      expect(run.hung).toBe(false);
      // The model is told why when a call is refused, and nothing of a hook that failed.
      expect(run.model.resultOf("0-0")).toContain(WHY);
      for (const [turn, { name }] of CASES.entries()) {
        if (found[turn]?.[1] === "runs")
          expect(run.model.resultOf(`${turn}-0`)).toContain(`ran case-${name}`);
        expect(hooks.seen("before", name)).toHaveLength(1);
      }
    });

    it("runs the tool at the time limit of a hook that would have refused it", async () => {
      const { hooks, at, run: go } = kit(agent);
      hooks.answer("before", "slow", { script: `sleep 5\nprintf '%s' '${JSON.stringify(BLOCK)}'` });
      configure(agent, at, [{ moment: "before", command: hooks.command("before"), timeoutSeconds: 1 }]);
      const run = await go([shell("slow")]);
      table(agent, "1 all fails open", "slow", at, run, 0);
      expect(happened(at, "slow")).toBe(true);
      expect(run.model.readAll()).not.toContain(WHY);
    });

    it("ends the turn in its own way for continue: false before a tool", async () => {
      const { hooks, at, run: go } = kit(agent);
      const stop = { continue: false, stopReason: "ENOUGH" };
      hooks.answer("before", "stop-block", json({ ...stop, ...BLOCK }));
      hooks.answer("before", "stop", json(stop));
      hook(agent, at, hooks);
      const both = agent.name === "gemini" ? [] : [shell("stop-block")];
      const run = await go([...both, shell("stop"), shell("afterwards")]);
      for (const [turn, name] of [...both.map(() => "stop-block"), "stop"].entries())
        table(agent, "6 continue: false", name, at, run, turn);
      // Codex calls it unsupported and runs even what the same answer refuses.
      expect(happened(at, "stop-block")).toBe(agent.name === "codex");
      expect(happened(at, "stop")).toBe(agent.name !== "gemini");
      expect(happened(at, "afterwards")).toBe(agent.name === "codex");
    });

    it("replaces an output only with an answer of its own shape", async () => {
      const { hooks, at, run: go } = kit(agent);
      const replaced = {
        claude: { stdout: "NOTHING-TO-SEE", stderr: "", interrupted: false, isImage: false },
      };
      const update = (value: unknown): Answer =>
        json({ hookSpecificOutput: { hookEventName: "PostToolUse", updatedToolOutput: value } });
      hooks.answer("after", "text", update("NOTHING-TO-SEE"));
      hooks.answer("after", "part", update({ stdout: "NOTHING-TO-SEE" }));
      hooks.answer("after", "shape", update(replaced.claude));
      hooks.answer("after", "reason", json({ decision: "block", reason: "NOTHING-TO-SEE" }));
      hook(agent, at, hooks);
      const names = ["text", "part", "shape", "reason"];
      const run = await go(names.map((name) => shell(name)));
      const seen = names.map((name, turn) => {
        const read = run.model.resultOf(`${turn}-0`) ?? "";
        const answer = name === "reason" ? "block and reason" : `updatedToolOutput: ${name}`;
        row(OUTPUT, { "answer after the tool": answer }, { [agent.title]: cell(read, 60) });
        return read.includes(`ran case-${name}`) ? "original" : "replaced";
      });
      const claude = ["original", "original", "replaced", "original"];
      expect(seen).toEqual(
        agent.name === "claude-code" ? claude : ["original", "original", "original", "replaced"],
      );
    });

    it("asks the hook before stopping again and again, or has enough after a while", async () => {
      const { hooks, at, run: go } = kit(agent);
      const most = 12;
      const again = JSON.stringify({ decision: "block", reason: "ONCE-MORE" });
      const rounds = `cd "$(dirname "$0")"\necho x >> rounds\n[ "$(wc -l < rounds)" -le ${most} ] && printf '%s' '${again}'\nexit 0`;
      hooks.answer("stop", "", { script: rounds });
      hook(agent, at, hooks);
      const run = await go([{ calls: [{ shell: effectOf("go") }] }]);
      const count = run.model.asked.length - 2;
      row("a Stop hook that blocks 12 times", { agent: agent.title }, { "rounds it got": count });
      expect(run.hung).toBe(false);
      expect(count).toBe(agent.name === "claude-code" ? 8 : most);
    });
  });
}

describe.skipIf(missing(AGENTS[0]!) !== undefined)("Claude Code alone", () => {
  const agent = AGENTS[0]!;

  it("keeps the output of a failing tool, whatever a hook says", async () => {
    const { hooks, at, run: go } = kit(agent);
    const hookSpecificOutput = { hookEventName: "PostToolUseFailure", updatedToolOutput: "NOTHING-TO-SEE" };
    hooks.answer("failed", "fails", json({ hookSpecificOutput }));
    hook(agent, at, hooks);
    const run = await go([{ calls: [{ shell: "echo ran case-fails; exit 3" }] }]);
    expect(hooks.seen("failed", "fails")).toHaveLength(1);
    expect(run.model.resultOf("0-0")).toContain("ran case-fails");
    const read = cell(run.model.resultOf("0-0"), 60);
    row(
      OUTPUT,
      { "answer after the tool": "after a failing tool: updatedToolOutput" },
      { [agent.title]: read },
    );
  });
});

describe.skipIf(missing(AGENTS[1]!) !== undefined)("Codex alone", () => {
  const agent = AGENTS[1]!;

  it("lets text into a running shell, and the first part of an output out of one, past all hooks", async () => {
    const { hooks, at, run: go } = kit(agent);
    hook(agent, at, hooks);
    const long = "echo case-part; sleep 4; echo case-rest";
    const run = await go([
      { calls: [{ shell: "bash -i # case-shell", extra: { tty: true, yield_time_ms: 1000 } }] },
      {
        calls: (told) => {
          const session_id = Number(/session ID (\d+)/.exec(told.at(-1)?.text ?? "")?.[1]);
          const chars = `${effectOf("typed")}\n`;
          return [{ tool: "write_stdin", input: { session_id, chars, yield_time_ms: 1000 } }];
        },
      },
      { calls: [{ shell: long, extra: { yield_time_ms: 1000 } }] },
    ]);
    expect(happened(at, "typed")).toBe(true);
    expect(hooks.seen("before", "shell")).toHaveLength(1);
    expect(hooks.seen("before", "typed")).toEqual([]);
    expect(run.model.resultOf("2-0")).toContain("case-part");
    expect(hooks.seen("after", "part")).toEqual([]);
    row(PAST, { what: "text typed into a running shell" }, { [agent.title]: "no event before it" });
    row(PAST, { what: "first part of a long output" }, { [agent.title]: "no event after it" });
  });

  it("says nothing of hooks that nobody trusted, and throws away a file with an HTTP hook", async () => {
    const first = kit(agent);
    first.hooks.answer("before", "unseen", json(BLOCK));
    hook(agent, first.at, first.hooks);
    const untrusted = await first.run([shell("unseen")], undefined, false);
    table(agent, "9 trust", "unseen", first.at, untrusted, 0);
    expect(happened(first.at, "unseen")).toBe(true);
    expect(untrusted.stderr).not.toMatch(/hook:|trust/i);

    const second = kit(agent);
    second.hooks.answer("before", "http", json(BLOCK));
    const entry = { type: "command", command: second.hooks.command("before") };
    const http = { type: "http", url: "http://127.0.0.1:9/" };
    writeJson(agent.hooksFile(second.at), {
      hooks: { PreToolUse: [{ hooks: [entry] }], Stop: [{ hooks: [http] }] },
    });
    const run = await second.run([shell("http")]);
    table(agent, "9 an HTTP entry", "http", second.at, run, 0);
    expect(happened(second.at, "http")).toBe(true);
    expect(second.hooks.seen("before")).toEqual([]);
  });
});

describe.skipIf(missing(AGENTS[2]!) !== undefined)("Gemini CLI alone", () => {
  const agent = AGENTS[2]!;

  it("hangs when a hook answers ask and nobody is there", async () => {
    const { hooks, at } = kit(agent);
    hooks.answer("before", "ask", json({ decision: "ask", reason: WHY }));
    hook(agent, at, hooks);
    const run = await runAgent(agent, at, [shell("ask")], { longestMs: 30_000 });
    table(agent, "10 ask", "ask", at, run, 0);
    expect(hooks.seen("before", "ask")).toHaveLength(1);
    expect(run.hung).toBe(true);
    expect(happened(at, "ask")).toBe(false);
  });
});

/** All cases in one run, one turn each: starting an agent takes seconds. */
async function before(agent: Agent): Promise<{ found: [string, Fate][]; hooks: Hooks; run: Run }> {
  const { hooks, at, run: go } = kit(agent);
  for (const { name, answer } of CASES) hooks.answer("before", name, answer);
  hook(agent, at, hooks);
  const run = await go(CASES.map(({ name }) => shell(name)));
  const found = CASES.map(({ name, trap }, turn): [string, Fate] => {
    table(agent, trap, name, at, run, turn);
    return [name, happened(at, name) ? "runs" : "blocked"];
  });
  return { found, hooks, run };
}

function kit(agent: Agent) {
  const at = placeForTest();
  const hooks = handWritten(at);
  const run = (script: readonly Turn[], prompt?: string, trusted = true) =>
    runAgent(agent, at, script, { trusted, ...(prompt !== undefined && { prompt }) });
  return { at, hooks, run };
}

function hook(agent: Agent, at: Place, hooks: Hooks): void {
  configure(
    agent,
    at,
    MOMENTS.map((moment) => ({ moment, command: hooks.command(moment) })),
  );
}

function shell(name: string): Turn {
  return { calls: [{ shell: effectOf(name) }] };
}

function table(agent: Agent, trap: string, name: string, at: Place, run: Run, turn: number): void {
  const read = cell(run.model.resultOf(`${turn}-0`), 70);
  const ran = happened(at, name) ? "runs" : `blocked: ${read}`;
  row(
    "the ten traps: an answer before a tool call",
    { trap, answer: name },
    { [agent.title]: run.hung ? "hangs" : ran },
  );
}

function at(trap: string, name: string, answer: Answer, fates: Case["fates"]): Case {
  return { trap, name, answer, fates };
}
