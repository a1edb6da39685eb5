import type { AgentName } from "@synaps/service/agents";

/** A configuration as a user may have it. */
export interface Configuration {
  readonly name: string;
  readonly agent: AgentName;
  /** Path below the home folder. */
  readonly path: string;
  /** Undefined: there is no file. */
  readonly text: string | undefined;
  readonly mode?: number;
  /** Path below the home folder of the file itself, to which `path` is a link. */
  readonly linkTo?: string;
}

const CLAUDE = ".claude/settings.json";
const CODEX = ".codex/hooks.json";
const CODEX_TOML = ".codex/config.toml";
const GEMINI = ".gemini/settings.json";

const OWN_GROUP = {
  matcher: "Bash|Write",
  hooks: [{ type: "command", command: "/usr/local/bin/own", timeout: 5 }],
};

function pretty(value: unknown, indent: number | string = 2): string {
  return `${JSON.stringify(value, null, indent)}\n`;
}

const CLAUDE_USER = {
  model: "opus",
  permissions: { allow: ["Bash(git *)"], deny: [] },
  hooks: { PreToolUse: [OWN_GROUP], Notification: [{ hooks: [{ type: "command", command: "say done" }] }] },
};

/** Configurations of all agents: usual ones, and every oddity of form. */
export const CONFIGURATIONS: readonly Configuration[] = [
  { name: "no file", agent: "claude-code", path: CLAUDE, text: undefined },
  { name: "an empty file", agent: "claude-code", path: CLAUDE, text: "" },
  { name: "blank lines only", agent: "claude-code", path: CLAUDE, text: "\n \r\n" },
  { name: "an empty object", agent: "claude-code", path: CLAUDE, text: "{}" },
  { name: "an empty object on two lines", agent: "claude-code", path: CLAUDE, text: "{\n}\n" },
  { name: "a usual file", agent: "claude-code", path: CLAUDE, text: pretty(CLAUDE_USER) },
  { name: "one line", agent: "claude-code", path: CLAUDE, text: JSON.stringify(CLAUDE_USER) },
  { name: "tabs", agent: "claude-code", path: CLAUDE, text: pretty(CLAUDE_USER, "\t") },
  { name: "four spaces", agent: "claude-code", path: CLAUDE, text: pretty(CLAUDE_USER, 4), mode: 0o600 },
  { name: "CRLF", agent: "claude-code", path: CLAUDE, text: pretty(CLAUDE_USER).replaceAll("\n", "\r\n") },
  { name: "a byte order mark", agent: "claude-code", path: CLAUDE, text: `\uFEFF${pretty(CLAUDE_USER)}` },
  { name: "no line end at the end", agent: "claude-code", path: CLAUDE, text: pretty(CLAUDE_USER).trimEnd() },
  {
    name: "comments everywhere",
    agent: "claude-code",
    path: CLAUDE,
    text: '// top\n{ /* a */\n  "hooks": { // b\n    "PreToolUse": [ /* c */ ], // d\n    /* e */ "Stop": [\n      // f\n      {"hooks":[]} // g\n      // h\n    ]\n  } /* i */, // j\n  "model": "x" // k\n}\n// end',
  },
  {
    name: "trailing commas",
    agent: "claude-code",
    path: CLAUDE,
    text: '{\n  "hooks": {\n    "PreToolUse": [\n      { "hooks": [ { "type": "command", "command": "x", }, ], },\n    ],\n  },\n}\n',
  },
  { name: "hooks empty", agent: "claude-code", path: CLAUDE, text: '{"hooks":{}}\n', mode: 0o640 },
  {
    name: "brackets on odd places",
    agent: "claude-code",
    path: CLAUDE,
    text: '{"model"\n:\n"x"\n,"hooks":\n{"PreToolUse":[\n]\n  ,"Stop":[{}\n]}}\n\n\n',
  },
  {
    name: "text beyond ASCII, and escapes",
    agent: "claude-code",
    path: CLAUDE,
    text: '{"größe":"\\u00e9 🐚 \\/","env":{"A":"\u2028"},"hooks":{"PreToolUse":[{"hooks":[]}]}}',
  },
  {
    name: "a link",
    agent: "claude-code",
    path: CLAUDE,
    text: pretty(CLAUDE_USER),
    linkTo: "dotfiles/claude.json",
  },
  {
    name: "a member named __proto__",
    agent: "claude-code",
    path: CLAUDE,
    text: '{"__proto__":{"a":1},"hooks":{}}',
  },
  { name: "Codex without files", agent: "codex", path: CODEX, text: undefined },
  {
    name: "Codex with hooks.json",
    agent: "codex",
    path: CODEX,
    text: pretty({ description: "mine", hooks: { PreToolUse: [OWN_GROUP] } }),
  },
  { name: "Codex with an empty hooks.json", agent: "codex", path: CODEX, text: "{ }" },
  {
    name: "Codex with hooks in config.toml",
    agent: "codex",
    path: CODEX_TOML,
    text: 'model = "gpt-5" # mine\n\n[[hooks.PreToolUse]]\nmatcher = "Bash"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = \'/own\'\ntimeout = 5\n',
  },
  {
    name: "Codex with hooks in config.toml, no line end at the end",
    agent: "codex",
    path: CODEX_TOML,
    text: '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "x"',
  },
  {
    name: "Codex with CRLF in config.toml",
    agent: "codex",
    path: CODEX_TOML,
    text: '[hooks]\r\n[[hooks.Stop]]\r\n[[hooks.Stop.hooks]]\r\ntype = "command"\r\ncommand = "x"\r\n[tui]\r\na = 1\r\n',
  },
  { name: "Gemini without a file", agent: "gemini", path: GEMINI, text: undefined },
  {
    name: "Gemini with settings and comments",
    agent: "gemini",
    path: GEMINI,
    text: '{\n    // how I log in\n    "security": {"auth": {"selectedType": "oauth"}},\n    "hooks": {"BeforeTool": [{"matcher": "shell", "hooks": []}]}\n}\n',
  },
  {
    name: "Gemini, private",
    agent: "gemini",
    path: GEMINI,
    text: pretty({ ui: { theme: "x" } }),
    mode: 0o600,
  },
  {
    name: "Cursor with own hooks",
    agent: "cursor",
    path: ".cursor/hooks.json",
    text: pretty({ version: 1, hooks: { preToolUse: [{ command: "./own.sh" }] } }),
  },
  { name: "Cursor without a file", agent: "cursor", path: ".cursor/hooks.json", text: undefined },
  { name: "Copilot", agent: "copilot", path: ".copilot/hooks/synaps.json", text: undefined },
];
