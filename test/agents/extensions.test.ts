import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AGENTS, missing, type Agent } from "./kit/agents.js";
import { configure, effectOf, handWritten, happened, type Hooks } from "./kit/hooks.js";
import type { Turn } from "./kit/model/script.js";
import { makePlace, type Place } from "./kit/place.js";
import { cell, row } from "./kit/report.js";
import { runAgent, type Run } from "./kit/run.js";
import { askService, auditOf, endService, installExtensions, wire, type HookReply } from "./kit/synaps.js";

// One home, one service and one installed set of extensions: three agents.
let home: Place;
const TABLE = "one set of extensions in every agent";
const TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
const PRINTS_TOKEN = `printf 'token: %s%s\\n' ${TOKEN.slice(0, 12)} ${TOKEN.slice(12)}`;

/** Turns of the script, by name. A name is the place in it. */
const STEPS = {
  refused: { calls: [{ shell: "rm -rf .git && touch case-refused" }] },
  allowed: { calls: [{ shell: effectOf("allowed") }] },
  changed: { calls: [{ shell: effectOf("before") }] },
  secret: { calls: [{ shell: PRINTS_TOKEN }] },
  failing: { calls: [{ shell: `${PRINTS_TOKEN}; exit 3` }] },
  question: { calls: [{ shell: "git push --force; touch case-question" }] },
  pair: { calls: [{ shell: "rm -rf .git; touch case-pair-refused" }, { shell: effectOf("pair-allowed") }] },
  folder: { calls: [{ shell: "cd sub && rm -rf ../.git" }] },
  written: { calls: [{ write: "case-written", content: "a line\n" }] },
} as const satisfies Readonly<Record<string, Turn>>;
type Step = keyof typeof STEPS;
const NAMES = Object.keys(STEPS) as Step[];

beforeAll(() => {
  home = makePlace();
  installExtensions(home);
});

afterAll(async () => {
  await endService(home);
  rmSync(home.top, { recursive: true, force: true, maxRetries: 5 });
});

for (const agent of AGENTS) {
  const reason = missing(agent);
  describe.skipIf(reason !== undefined)(`${agent.title}${reason === undefined ? "" : `: ${reason}`}`, () => {
    let at: Place;
    let hooks: Hooks;
    let run: Run;
    const read = (step: Step, place = 0): string =>
      run.model.resultOf(`${NAMES.indexOf(step)}-${place}`) ?? "";
    const tell = (what: string, found: string): void => row(TABLE, { what }, { [agent.title]: found });

    beforeAll(async () => {
      at = placeIn(home, agent);
      hooks = handWritten(at);
      // Hooks that were there before stay: these keep what the agent sends, and answer nothing.
      configure(
        agent,
        at,
        MOMENTS.map((moment) => ({ moment, command: hooks.command(moment) })),
      );
      wire(agent, at);
      run = await runAgent(agent, at, Object.values(STEPS));
    });

    it("keeps a refused command from having an effect, and the model reads why", () => {
      expect(existsSync(join(at.project, ".git", "HEAD"))).toBe(true);
      expect(happened(at, "refused")).toBe(false);
      expect(read("refused")).toMatch(/Blocked by shell-guard: .*is the project itself/);
      tell("a command that shell-guard blocks", `no effect; reads: ${cell(read("refused"), 60)}`);
    });

    it("judges relative paths in the folder of the call", () => {
      expect(read("folder")).toMatch(/Blocked by shell-guard: .*is the project itself/);
    });

    it("lets an allowed command run, as it is", () => {
      expect(happened(at, "allowed")).toBe(true);
      expect(read("allowed")).toContain("ran case-allowed");
      tell("an allowed command", "ran");
    });

    it("runs the input that an extension in Python put in its place", () => {
      expect(happened(at, "before")).toBe(false);
      expect(happened(at, "changed")).toBe(true);
      expect(read("changed")).toContain("ran case-changed");
      tell("an input that the Python extension changes", "the changed command ran");
    });

    it("keeps a secret in an output from the model, where the agent lets it", () => {
      expect(read("secret")).not.toContain(TOKEN);
      expect(read("secret")).toMatch(/token: .*redacted/i);
      tell("an output with a secret", `redacted; reads: ${cell(read("secret"), 60)}`);
      const cannot = agent.name === "claude-code";
      expect(read("failing").includes(TOKEN)).toBe(cannot);
      tell(
        "the same of a command that fails",
        cannot ? "NOT redacted: the agent lets no hook replace the output of a failing tool" : "redacted",
      );
    });

    it("makes a question that nobody can be asked a refusal with the question in it", () => {
      expect(happened(at, "question")).toBe(false);
      expect(read("question")).toMatch(/git push --force/);
      expect(read("question")).toContain("replaces commits on the remote");
      const how = agent.name === "claude-code" ? "asked by the agent, which has nobody here: " : "";
      tell("a command to confirm", `${how}not run; reads: ${cell(read("question"), 80)}`);
    });

    it("answers two calls of one turn each for itself", () => {
      expect(happened(at, "pair-refused")).toBe(false);
      expect(read("pair", 0)).toContain("Blocked by shell-guard");
      expect(happened(at, "pair-allowed")).toBe(true);
      expect(read("pair", 1)).toContain("ran case-pair-allowed");
      tell("two calls in one turn", "one refused, one ran");
    });

    it("lets a tool for files be, which none of the extensions is about", () => {
      expect(happened(at, "written")).toBe(true);
      tell("a file that the agent writes", "written");
    });

    it("adds context to what the user says", () => {
      expect(run.model.asked[0]?.text).toContain("CONTEXT-FROM-PYTHON");
      tell("context with the user's message", "the model reads it");
    });

    it("has all decisions in the audit, with the name of the agent", () => {
      const lines = auditOf(at, agent);
      const decided = new Set(lines.map(({ metadata }) => metadata.action ?? metadata.decision));
      expect([...decided]).toEqual(
        expect.arrayContaining(["block", "confirm", "modify", "replace", "inject"]),
      );
      expect(lines.map(({ metadata }) => metadata.session_id ?? metadata.session)).not.toContain(undefined);
      tell("lines of the audit with the agent's name", String(lines.length));
    });

    it("answers what the agent really sent only in shapes that were seen to hold", async () => {
      const shapes: string[] = [];
      for (const moment of MOMENTS) {
        const event = agent.moments[moment];
        if (event === undefined) continue;
        expect(hooks.seen(moment).length, moment).toBeGreaterThan(moment === "failed" ? -1 : 0);
        for (const payload of hooks.seen(moment))
          shapes.push(shapeOf(agent, await askService(at, agent.name, event, payload)));
      }
      expect([...new Set(shapes)].sort()).toEqual(SHAPES[agent.name]);
      tell("shapes of all answers", [...new Set(shapes)].sort().join("; "));
    });
  });
}

const MOMENTS = ["sessionStart", "prompt", "before", "after", "failed", "stop"] as const;

/** All shapes that these extensions make the service answer in. Each stands in the tables of the ten traps as one that holds. */
const SHAPES: Readonly<Record<Agent["name"], readonly string[]>> = {
  "claude-code": [
    "decision=block,reason",
    "hookSpecificOutput.PostToolUse.updatedToolOutput",
    "hookSpecificOutput.PreToolUse.permissionDecision=ask,permissionDecisionReason",
    "hookSpecificOutput.PreToolUse.updatedInput",
    "hookSpecificOutput.UserPromptSubmit.additionalContext",
    "nothing",
  ],
  codex: [
    "decision=block,reason",
    "hookSpecificOutput.PreToolUse.permissionDecision=allow,updatedInput",
    "hookSpecificOutput.UserPromptSubmit.additionalContext",
    "nothing",
  ],
  gemini: [
    "decision=block,reason",
    "hookSpecificOutput.BeforeAgent.additionalContext",
    "hookSpecificOutput.BeforeTool.tool_input",
    "nothing",
  ],
};

/** The members of an answer, and the values of those that decide. */
function shapeOf(agent: Agent, { status, exitCode, stdout, stderr }: HookReply): string {
  if (status !== 200 || exitCode !== 0 || stderr !== "")
    return `${agent.name}: ${status} ${exitCode} ${stderr}`;
  if (stdout === "") return "nothing";
  const { hookSpecificOutput: inner, ...outer } = JSON.parse(stdout);
  const { hookEventName, ...members } = inner ?? {};
  const parts = [...words(outer)];
  if (inner) parts.push(`hookSpecificOutput.${hookEventName}.${words(members).join(",")}`);
  return parts.join(",");
}

function words(members: Record<string, unknown>): string[] {
  return Object.entries(members).map(([name, value]) => {
    if (/reason/i.test(name) && value === "") return `${name}=EMPTY`;
    return /decision$/i.test(name) ? `${name}=${String(value)}` : name;
  });
}

/** The home with a project of the agent's own, which is a git repository. */
function placeIn(all: Place, agent: Agent): Place {
  const top = join(all.top, agent.name);
  const project = join(top, "project");
  mkdirSync(join(project, "sub"), { recursive: true });
  execFileSync("git", ["init", "--quiet"], { cwd: project, env: all.env });
  return { ...all, top, project };
}
