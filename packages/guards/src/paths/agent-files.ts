/**
 * Files of agents that say which hooks run, which tools may, and which programs are started, in a home, a project or the system.
 * Seen in Claude Code 2.1.197, Codex 0.171.0 and Gemini CLI 0.61.0; of the others as their pages name them.
 */
const SETTINGS: readonly string[] = [
  String.raw`\.claude\/(?:settings(?:\.local)?\.json|hooks(?:\/.*)?|plugins(?:\/.*)?|managed-settings\.json|scheduled_tasks\.json|remote-settings\.json|shell-snapshots(?:\/.*)?|session-env(?:\/.*)?)`,
  String.raw`\.claude\.json`,
  String.raw`\.mcp\.json`,
  String.raw`\.codex\/(?:hooks\.json|[\w.-]*config\.toml|hooks(?:\/.*)?|rules(?:\/.*)?|requirements\.toml|plugins(?:\/.*)?)`,
  String.raw`\.gemini\/(?:settings\.json|trustedFolders\.json|trusted_hooks\.json|(?:policy|extension)_integrity\.json|hooks(?:\/.*)?|policies(?:\/.*)?|extensions(?:\/.*)?)`,
  String.raw`\.qwen\/(?:settings\.json|hooks(?:\/.*)?|extensions(?:\/.*)?)`,
  String.raw`\.cursor\/(?:hooks\.json|hooks(?:\/.*)?|mcp\.json|cli(?:-config)?\.json|permissions\.json|sandbox\.json)`,
  String.raw`\.copilot\/(?:(?:mcp-)?config\.json|settings\.json|hooks(?:\/.*)?|plugins(?:\/.*)?)`,
  String.raw`\.github\/hooks(?:\/.*)?`,
  String.raw`\.vscode\/mcp\.json`,
  String.raw`\.pi\/(?:settings\.json|extensions(?:\/.*)?|agent\/(?:settings\.json|extensions(?:\/.*)?))`,
  String.raw`\.config\/opencode\/(?:opencode\.jsonc?|config\.json|plugins?(?:\/.*)?)`,
  String.raw`\.opencode\/(?:opencode\.jsonc?|plugins?(?:\/.*)?)`,
  String.raw`opencode\.jsonc?`,
  String.raw`\.config\/(?:amp\/settings\.json|goose\/config\.yaml)`,
  String.raw`\.codeium\/windsurf\/(?:hooks|mcp_config)\.json`,
  String.raw`\.windsurf\/hooks\.json`,
  String.raw`\.kiro\/(?:hooks(?:\/.*)?|settings\/mcp\.json)`,
  String.raw`(?:\.clinerules\/hooks|Cline\/Hooks)(?:\/.*)?`,
  String.raw`\.cline\/(?:hooks(?:\/.*)?|data\/settings(?:\/.*)?)`,
  String.raw`etc\/(?:claude-code|gemini-cli|codex)(?:\/.*)?`,
  String.raw`Application Support\/(?:ClaudeCode|GeminiCli)(?:\/.*)?`,
];
const AGENT_FILES = new RegExp(`/(?:${SETTINGS.join("|")})$`, "i");

/** Folders of the host, and of a project's extensions. */
const HOST_FILES =
  /\/(?:\.synaps-cli|\.synaps|\.synaps-plugin|node_modules\/@synaps)(?:\/|$)|\/\.synaps-project$/i;

/** Folders below a home in which agents keep plans, memory and scratch files that the model itself writes. */
const SCRATCH =
  /^\/(?:\.claude\/(?:plans|agent-memory|todos|tasks)\/.+|\.claude\/projects\/[^/]+\/(?!.*\.jsonl$).+|\.codex\/(?:memories|generated_images)\/.+|\.gemini\/(?:tmp|antigravity\/brain)\/.+|\.cursor\/(?:plans|projects)\/.+|\.copilot\/session-state\/.+|\.local\/share\/opencode\/(?:plans|tool-output)\/.+)$/i;

/** True for a file that decides what an agent's hooks, tools and servers are, wherever it stands. Looks at the name alone. */
export const isAgentFile = (path: string): boolean => AGENT_FILES.test(path);

/** True for a file of the host or of an extension by its name, wherever the host's base folder may be. */
export const isHostName = (path: string): boolean => HOST_FILES.test(path);

/**
 * True for a file that an agent's own plan, memory or scratch folder holds, where a model writes as a matter of course. Not for
 * the records of sessions, which a model has no reason to write.
 */
export const isAgentScratch = (path: string, home: string | null): boolean =>
  home !== null && path.startsWith(`${home}/`) && SCRATCH.test(path.slice(home.length));
