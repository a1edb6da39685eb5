import { afterAll, beforeAll, expect, test } from "vitest";
import type { Harness } from "@synaps/sdk/testing";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { AgentName } from "@synaps/service/agents";
import { Project, sent } from "../../../extensions/claude-hooks/test/support/project.ts";
import type { Decision } from "../../../packages/host/src/dispatch/outcome.ts";
import { answerTo, sample } from "./support.ts";

/** The event before a tool call, and a change of the sample that makes it this command. */
const CALLS: Readonly<Record<AgentName, readonly [string, (command: string) => JsonObject]>> = {
  "claude-code": ["PreToolUse", (command) => ({ tool_input: { command } })],
  codex: ["PreToolUse", (command) => ({ tool_input: { command } })],
  gemini: ["BeforeTool", (command) => ({ tool_input: { command } })],
  cursor: ["preToolUse", (command) => ({ tool_input: { command } })],
  copilot: ["preToolUse", (command) => ({ toolName: "bash", toolArgs: { command } })],
};

let project: Project;
let harness: Harness;

beforeAll(async () => {
  project = new Project();
  const guard = `grep -q '"command":"rm ' && { echo 'no rm here' >&2; exit 2; }; exit 0`;
  const file = project.write("hooks.json", {
    hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: guard }] }] },
  });
  harness = await project.start({ files: file });
  await project.approveAll(harness);
});
afterAll(() => project.end());

test.each(Object.entries(CALLS))(
  "a hook written for one agent refuses in %s",
  async (agent, [name, change]) => {
    for (const [command, refuses] of [
      ["rm -rf x", true],
      ["ls", false],
    ] as const) {
      const event = sample(agent as AgentName, name, change(command));
      const verdict = await harness.send(sent(event.event as never));
      const answer = answerTo(event, { ...verdict, by: "claude-hooks" } as Decision);
      expect(`${answer.stdout}${answer.stderr}`.includes("no rm here"), command).toBe(refuses);
    }
  },
);
