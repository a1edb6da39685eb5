import type { Help } from "./help.js";

/** Help of the command about coding agents. */
export const AGENTS_HELP = {
  agents: {
    examples: [
      "synaps-ext agents list",
      "synaps-ext agents wire claude-code",
      "synaps-ext agents wire codex --closed",
      "synaps-ext agents wire gemini --project --dry-run",
      "synaps-ext agents wire claude-code --http",
      "synaps-ext agents test claude-code",
      "synaps-ext agents unwire claude-code",
    ],
    notes: [
      "wire adds hooks behind the user's own ones: below HOME, CODEX_HOME, CLAUDE_CONFIG_DIR or GEMINI_CLI_HOME, with --project below the working folder. Once more changes nothing; with other flags, it replaces the hooks.",
      "unwire gives the file back byte for byte, or, when somebody edited it since, takes only these hooks out. A hook that somebody edited is shown and left.",
      "A file that is not understood is refused and left as it is.",
      "The hook asks the service over its socket, with perl or else with curl, and starts it when it is not there. Without an answer it ends as a broken hook: the agent goes on, and the hook says why on standard error and in <base>/extensions/agents/hook.log. With --closed, tool calls are refused then.",
      "--http writes the port and the token of the service into <base>/extensions/agents, and the token into the settings of Claude Code, which become readable for you alone; --token-env names a variable instead.",
      "wire says which trust prompts of the agent come next; it answers none.",
      "test sends one event the whole way, from the configuration through the hook and the service to the extensions, and tells the time of each step. The agent itself is not run; Codex is asked whether it trusts the hook.",
      'JSON of test: {"schemaVersion","agent","ok","steps":[{"step","ok","ms","detail"}],"command","decision","by","answer"}',
      'JSON of list: {"schemaVersion","agents":[{"agent","title","program","version","files":[{"path","scope","mode","transport","events","edited","problems"}]}],"hook":{"path","present"},"service":{"running","pid","socket"},"lastFailure"}',
      'JSON of wire: {"schemaVersion","written","agent","title","scope","file","target","changed","mode","transport","events","closed","edited","hook","warnings","notes"}; of unwire: {"schemaVersion","agent","scope","files":[{"path","how","edited"}],"stillWired"}',
    ],
    exitCodes: [
      "0  ok, also when nothing had to be changed",
      "1  a file is not understood, or cannot be read or written; nothing was changed",
      "2  wrong flag or argument, or flags that do not go together",
      "3  no such agent",
    ],
  },
} as const satisfies Record<string, Help>;
