import { block, confirm, defineExtension, proceed } from "@synaps/sdk";
import { originOf, Projects, type GuardedPlaces, type Origin } from "@synaps/guards/paths";
import { decide, stricter, unreadable, type Decision } from "./decide.js";
import { readToolInput, startFolder, type ToolCommand } from "./input.js";
import { decideWithLinks } from "./links.js";
import { CONFIGURATION_QUESTION, describe, forLog } from "./message.js";
import { lastKept } from "./remembered.js";
import { Sessions } from "./sessions.js";
import { readSettings, type Settings, type SettingTexts } from "./settings.js";
import { toolKind } from "./tools.js";

// The manifest has the modes. Here a wrong one must not keep the guard from starting, whatever the host lets through.
const config = {
  mode: { type: "string" },
  allow: { type: "string" },
  block: { type: "string" },
  confirm: { type: "string" },
  protected_paths: { type: "string" },
  off_rules: { type: "string" },
  tools: { type: "string" },
  project_root: { type: "string" },
} as const;

const sessions = new Sessions();
/** Mistakes that the user was asked about already. */
let told = "";

/** Codex's `write_stdin` passes no hook: what is typed into an interpreter there, nobody sees. */
const TYPES_UNSEEN = ["codex"];

/** The project of this process says nothing about an event that comes from elsewhere. */
function settingsFor(
  origin: Origin | undefined,
  agent: string | undefined,
  settings: Settings,
  projects: Projects,
): Settings {
  const typesUnseen = agent !== undefined && TYPES_UNSEEN.includes(agent);
  if (origin === undefined) return settings;
  const project = origin.folder === undefined ? null : projects.rootOf(origin.folder);
  return { ...settings, project, typesUnseen };
}

function agentOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("agent" in data)) return undefined;
  return typeof data.agent === "string" ? data.agent : undefined;
}

interface Call {
  readonly input: ToolCommand;
  readonly isTyped: boolean;
  readonly settings: Settings;
  readonly start: string | undefined;
  /** Key of a shell whose folder no event names. */
  readonly shell: string | undefined;
}

/** Judges a call in the folder that it names, or else in both the usual one and the one that the shell was left in. */
async function judge({ input, isTyped, settings, start, shell }: Call): Promise<Decision> {
  if (input.isCut) return unreadable(input.command, settings);
  const kind = { isCode: input.isCode === true, isTyped };
  const judgeIn = (folder: string | undefined): Promise<Decision> =>
    decideWithLinks(settings, (place) => decide(input.command, place, folder, kind));
  const usual = await judgeIn(start);
  if (shell === undefined) return usual;
  const left = sessions.folderOf(shell);
  const other = left === undefined || left === start ? usual : await judgeIn(left);
  const decision = stricter(usual, other);
  // A command that is blocked does not run, so it changes no folder.
  if (decision.verdict !== "block") sessions.keep(shell, other.endCwd);
  return decision;
}

function logProblems(texts: SettingTexts, log: (line: string) => void): void {
  for (const problem of readSettings(texts, null).problems) log(`mistake in the configuration: ${problem}`);
}

/** The guard with the folders that it belongs to. */
export function makeShellGuard(places: GuardedPlaces) {
  const projects = new Projects(places.home);
  const { home, base } = places;
  // A changed configuration comes as a new object, so that one is read once.
  const configured = lastKept((texts: SettingTexts): Settings => ({
    ...readSettings(texts, home),
    base,
    own: places.own,
  }));
  return defineExtension({
    config,
    start(context) {
      logProblems(context.config, context.log);
    },
    hooks: {
      async before_tool_call(event, context) {
        const origin = originOf(event.data);
        const settings = settingsFor(origin, agentOf(event.data), configured(context.config), projects);
        const kind = toolKind([event.tool_name, event.tool_runtime_name], settings.tools);
        const input = readToolInput(event.tool_input, { kind, isOfAgent: origin?.isOfAgent ?? false });
        if (!input) return proceed();
        const start = startFolder(input.cwd, origin?.folder, settings.project);
        const isUnnamed = input.cwd === undefined && origin?.folder === undefined;
        const shell =
          isUnnamed && event.session_id !== null ? `${event.session_id} ${event.tool_name}` : undefined;
        const decision = await judge({ input, isTyped: kind === "typed", settings, start, shell });
        if (decision.findings.length > 0) context.log(forLog(decision, settings.mode));
        if (decision.verdict === "block") return block(describe(decision));
        if (decision.verdict === "confirm") return confirm(describe(decision));
        const problems = settings.problems.join("\n");
        if (problems === told) return proceed();
        told = problems;
        return problems === "" ? proceed() : confirm(CONFIGURATION_QUESTION);
      },
    },
  });
}
