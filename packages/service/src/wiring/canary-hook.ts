import { spawn } from "node:child_process";
import { request } from "node:http";
import { systemClock } from "@synaps/host";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { AgentName } from "../agents/index.js";
import type { Surroundings } from "./agent-files.js";
import type { FoundEntry } from "./entries.js";

/** Time for the hook, more than the longest that it waits for itself. */
const HOOK_MS = 30_000;
const MOST_OUTPUT = 64 * 1024;
/** A command that every guard of shells refuses. Nothing runs it: the hook is only told that an agent wants to. */
export const CANARY_COMMAND = "rm -rf /";

/** The end of a hook, as its agent reads it. `exitCode` is null when it did not start, or gave no answer. */
export interface HookEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Does with an entry what the agent does: starts its command line in a shell, or sends its request. */
export function asAgent(entry: FoundEntry, text: string, { project, env }: Surroundings): Promise<HookEnd> {
  const { command, bash, url, headers } = entry.handler;
  if (typeof url === "string") return overHttp(url, headersOf(headers, env), text);
  return inShell(String(command ?? bash), text, project, env);
}

function inShell(line: string, text: string, cwd: string, env: Surroundings["env"]): Promise<HookEnd> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", line], {
      cwd,
      env: { ...env },
      timeout: HOOK_MS,
      killSignal: "SIGKILL",
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (chunk: Buffer) => {
        output[name] = (output[name] + chunk.toString()).slice(0, MOST_OUTPUT);
      });
    child.stdin.on("error", () => {}); // It may end before it has read everything.
    child.once("error", (error) => resolve({ exitCode: null, stdout: "", stderr: error.message }));
    child.once("close", (exitCode) => resolve({ exitCode, ...output }));
    child.stdin.end(text);
  });
}

function overHttp(url: string, headers: Readonly<Record<string, string>>, text: string): Promise<HookEnd> {
  return new Promise((resolve) => {
    const failed = (stderr: string): void => resolve({ exitCode: null, stdout: "", stderr });
    const asking = request(url, { method: "POST", headers, timeout: HOOK_MS }, (response) => {
      let stdout = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        stdout = (stdout + chunk).slice(0, MOST_OUTPUT);
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve({ exitCode: 0, stdout, stderr: "" });
        else failed(`status ${response.statusCode}: ${stdout.trim()}`);
      });
    });
    asking.once("timeout", () => asking.destroy(new Error("no answer came in time")));
    asking.once("error", (error) => failed(error.message));
    asking.end(text);
  });
}

function headersOf(headers: unknown, env: Surroundings["env"]): Record<string, string> {
  const given = Object.entries((headers ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    given.map(([name, value]) => [
      name,
      String(value).replace(/\$(\w+)/g, (_, variable: string) => env[variable] ?? ""),
    ]),
  );
}

/** The event at which each agent asks before a tool. */
export const TOOL_EVENT: Readonly<Record<AgentName, string>> = {
  "claude-code": "PreToolUse",
  codex: "PreToolUse",
  gemini: "BeforeTool",
  cursor: "preToolUse",
  copilot: "preToolUse",
};

/** The payload with which each agent asks before a shell command. */
export function canaryPayload(agent: AgentName, session: string, cwd: string): JsonObject {
  const input = { command: CANARY_COMMAND };
  const common = { session_id: session, cwd, hook_event_name: TOOL_EVENT[agent], tool_input: input };
  switch (agent) {
    case "claude-code":
    case "codex":
      return { ...common, permission_mode: "default", tool_name: "Bash", tool_use_id: session };
    case "gemini":
      return {
        ...common,
        tool_name: "run_shell_command",
        timestamp: new Date(systemClock.wallMs()).toISOString(),
      };
    case "cursor":
      return { ...common, conversation_id: session, workspace_roots: [cwd], tool_name: "Shell" };
    case "copilot":
      return { sessionId: session, cwd, timestamp: systemClock.wallMs(), toolName: "bash", toolArgs: input };
  }
}
