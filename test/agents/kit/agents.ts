import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.js";

export type Name = "claude-code" | "codex" | "gemini";

/** Moments of an agent's life that the tests hook into, under one name for all agents. */
export type Moment = "sessionStart" | "prompt" | "before" | "after" | "failed" | "stop" | "sessionEnd";

/** A real agent: how it is started against the scripted model, and how a hook is written by hand for it. */
export interface Agent {
  readonly name: Name;
  readonly title: string;
  readonly command: string;
  /** The agent's own names of the moments that it has. */
  readonly moments: Partial<Record<Moment, string>>;
  /** Hooks count their time in these: how many make one second. */
  readonly perSecond: number;
  /** What else a user's file holds before anybody adds hooks to it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** File of the user's hooks. */
  hooksFile(place: Place): string;
  /** Variables and arguments of a run that needs no person: `url` is the scripted model's. */
  start(
    place: Place,
    url: string,
  ): { readonly args: readonly string[]; readonly env: Record<string, string> };
}

const claude: Agent = {
  name: "claude-code",
  title: "Claude Code",
  command: "claude",
  moments: {
    sessionStart: "SessionStart",
    prompt: "UserPromptSubmit",
    before: "PreToolUse",
    after: "PostToolUse",
    failed: "PostToolUseFailure",
    stop: "Stop",
    sessionEnd: "SessionEnd",
  },
  perSecond: 1,
  settings: {},
  hooksFile: ({ home }) => join(home, ".claude", "settings.json"),
  start: (_place, url) => ({
    args: ["--allowedTools", "Bash,Write,Edit,Read", "--output-format", "stream-json", "--verbose"],
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "scripted",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      // Root may run tools without being asked only where it says that it is in a box.
      IS_SANDBOX: "1",
    },
  }),
};

const codex: Agent = {
  name: "codex",
  title: "Codex CLI",
  command: "codex",
  moments: {
    sessionStart: "SessionStart",
    prompt: "UserPromptSubmit",
    before: "PreToolUse",
    after: "PostToolUse",
    stop: "Stop",
    sessionEnd: "SessionEnd",
  },
  perSecond: 1,
  settings: {},
  hooksFile: ({ home }) => join(home, ".codex", "hooks.json"),
  start({ home }, url) {
    const settings = {
      model: "gpt-5.5",
      model_provider: "scripted",
      approval_policy: "never",
      sandbox_mode: "danger-full-access",
      "model_providers.scripted.name": "scripted",
      "model_providers.scripted.base_url": `${url}/v1`,
      "model_providers.scripted.wire_api": "responses",
      "model_providers.scripted.env_key": "SCRIPTED_KEY",
    };
    const pairs = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}="${value}"`]);
    return {
      args: ["exec", "--skip-git-repo-check", ...pairs],
      env: { CODEX_HOME: join(home, ".codex"), SCRIPTED_KEY: "scripted" },
    };
  },
};

const gemini: Agent = {
  name: "gemini",
  title: "Gemini CLI",
  command: "gemini",
  moments: {
    sessionStart: "SessionStart",
    prompt: "BeforeAgent",
    before: "BeforeTool",
    after: "AfterTool",
    stop: "AfterAgent",
    sessionEnd: "SessionEnd",
  },
  perSecond: 1000,
  settings: {
    security: { auth: { selectedType: "gemini-api-key" } },
    privacy: { usageStatisticsEnabled: false },
    general: { enableAutoUpdate: false },
  },
  hooksFile: ({ home }) => join(home, ".gemini", "settings.json"),
  start: (_place, url) => ({
    args: ["--yolo", "-m", "gemini-2.5-flash"],
    env: {
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: "scripted",
      GEMINI_CLI_TRUST_WORKSPACE: "true",
    },
  }),
};

export const AGENTS: readonly Agent[] = [claude, codex, gemini];

/** Codex runs a hook only after a person trusted it in its terminal; a test has no person. */
export const TRUST = "--dangerously-bypass-hook-trust";

/** Folder into which `npm run test:agents` installed the agents. */
export const FOLDER = process.env["SYNAPS_AGENTS"] ?? "";

export function programOf({ command }: Agent): string {
  return join(FOLDER, "node_modules", ".bin", command);
}

/** Reason why an agent's tests cannot run here. */
export function missing(agent: Agent): string | undefined {
  const left = JSON.parse(process.env["SYNAPS_AGENTS_LEFT_OUT"] ?? "{}") as Partial<Record<Name, string>>;
  return left[agent.name] ?? (existsSync(programOf(agent)) ? undefined : `it is not in ${FOLDER}`);
}
