import { join, resolve } from "node:path";
import type { AgentName } from "../agents/index.js";
import type { Liberties } from "./json-text.js";

/** The whole user, or one project. */
export type Scope = "user" | "project";

/** The surroundings in which configuration files of agents are looked for. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** The project's folder. */
  readonly project: string;
  readonly baseDir: string;
}

/** Form of the entries in a file: in groups with matchers, one by one, or as tables of TOML. */
export type FileForm = "groups" | "flat" | "toml";

/** A configuration file in which an agent looks for hooks. It need not exist. */
export interface AgentFile {
  readonly agent: AgentName;
  readonly scope: Scope;
  readonly path: string;
  readonly form: FileForm;
}

/** Facts about an agent that have nothing to do with its dialect. */
export interface AgentFacts {
  /** The name of the program. */
  readonly command: string;
  /** Forms of a file that the agent reads; of another one it takes nothing. Seen with the versions in docs/agents. */
  readonly reads: Liberties & { readonly bom: boolean };
  /** Sentences for the person who has just wired it, by scope. */
  readonly trust: Readonly<Record<Scope, readonly string[]>>;
}

const CODEX_TRUST =
  "Codex runs a new or changed hook only after you have trusted it: start codex, type /hooks and trust the entries of Synaps. Until then, and after each change of an entry or of its place, 'codex exec' leaves it out without a word.";
const NO_PROMPT = "Nothing has to be confirmed in the agent.";

export const AGENT_FACTS: Readonly<Record<AgentName, AgentFacts>> = {
  "claude-code": {
    command: "claude",
    reads: { comments: false, trailingCommas: false, bom: true },
    trust: {
      user: ["Sessions that run already take the new entries after a restart."],
      project: [
        "Claude Code asks whether you trust this folder, unless it knows the folder; with -p it asks nobody and runs the hooks.",
        "Sessions that run already take the new entries after a restart.",
      ],
    },
  },
  codex: {
    command: "codex",
    reads: { comments: false, trailingCommas: false, bom: false },
    trust: {
      user: [CODEX_TRUST],
      project: [
        CODEX_TRUST,
        "Hooks of a project run only in a folder that Codex trusts; it asks when it is started there.",
      ],
    },
  },
  gemini: {
    command: "gemini",
    reads: { comments: true, trailingCommas: false, bom: false },
    trust: {
      user: [NO_PROMPT],
      project: [
        "Gemini CLI runs hooks of a project only in a folder that it trusts, and says on its start that the project has hooks; a changed entry counts as a new one.",
      ],
    },
  },
  cursor: {
    command: "cursor-agent",
    reads: { comments: false, trailingCommas: false, bom: false },
    trust: {
      user: [NO_PROMPT],
      project: ["Cursor runs hooks of a project only in a folder that it trusts."],
    },
  },
  copilot: {
    command: "copilot",
    reads: { comments: false, trailingCommas: false, bom: false },
    trust: {
      user: [
        "Copilot itself refuses a tool call when its hook fails, so that without the service all its tools stop.",
      ],
      project: [
        "Copilot itself refuses a tool call when its hook fails, so that without the service all its tools stop.",
        "Copilot runs hooks of a project only in a folder that it trusts.",
      ],
    },
  },
};

/**
 * Returns the files in which an agent looks for hooks. The first one is written to, unless the content of the others speaks
 * against it. Of Claude Code's two files of a project that is the one that is not shared: entries name paths of this machine.
 */
export function agentFiles(agent: AgentName, scope: Scope, places: Surroundings): AgentFile[] {
  const file = (form: FileForm, ...parts: readonly [string, ...string[]]): AgentFile => {
    return { agent, scope, path: join(...parts), form };
  };
  const { home, project } = places;
  const root = scope === "user" ? home : project;
  switch (agent) {
    case "claude-code":
      return scope === "user"
        ? [file("groups", claudeFolder(places), "settings.json")]
        : [
            file("groups", project, ".claude", "settings.local.json"),
            file("groups", project, ".claude", "settings.json"),
          ];
    case "codex": {
      const folder = scope === "user" ? codexFolder(places) : join(project, ".codex");
      return [file("groups", folder, "hooks.json"), file("toml", folder, "config.toml")];
    }
    case "gemini":
      return [file("groups", scope === "user" ? geminiHome(places) : project, ".gemini", "settings.json")];
    case "cursor":
      return [file("flat", root, ".cursor", "hooks.json")];
    case "copilot":
      return scope === "user"
        ? [file("flat", home, ".copilot", "hooks", "synaps.json")]
        : [file("flat", project, ".github", "hooks", "synaps.json")];
  }
}

function claudeFolder({ env: { CLAUDE_CONFIG_DIR: named }, home }: Surroundings): string {
  return named ? resolve(named) : join(home, ".claude");
}

function codexFolder({ env: { CODEX_HOME: named }, home }: Surroundings): string {
  return named ? resolve(named) : join(home, ".codex");
}

/** The folder that Gemini CLI takes for the user's home. */
function geminiHome({ env: { GEMINI_CLI_HOME: named }, home }: Surroundings): string {
  return named ? resolve(named) : home;
}
