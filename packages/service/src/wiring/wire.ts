import { dirname } from "node:path";
import { dialectOf, type AgentName } from "../agents/index.js";
import { servicePlaces, type ServicePlaces } from "../server/places.js";
import { AGENT_FACTS, agentFiles, type AgentFile, type Scope, type Surroundings } from "./agent-files.js";
import { entriesIn, textWith, textWithout } from "./agent-text.js";
import { allowsUrl, cautionsOf } from "./cautions.js";
import type { EntryPlan, FoundEntry, HttpWay, Mode } from "./entries.js";
import { eventsOf } from "./events.js";
import { hookPath, hookScript, nodeHookPath, type HookPlaces } from "./hook-script.js";
import { httpWay, keepHttpWay } from "./http-way.js";
import { nodeHookScript } from "./node-hook.js";
import { makePrivateFolder, writePrivate } from "./private-files.js";
import { findProgram } from "./programs.js";
import { contentHash, readRecord, removeRecord, writeRecord, type WiringRecord } from "./record.js";
import { refusals } from "./refusals.js";
import { bytesOf, readSettings, writeSettings, type SettingsFile } from "./settings-file.js";
import { speaksOfHooks } from "./toml-entries.js";

/** The wishes of the person who wires an agent. */
export interface WireOptions {
  readonly agent: AgentName;
  readonly scope: Scope;
  /** Refuse tool calls where the hook has no answer. Only events at which that is possible are closed. */
  readonly mode: Mode;
  /** Hooks over HTTP, which cost no process. Claude Code only. */
  readonly http: boolean;
  /** The variable from which the agent takes the token of the HTTP listener. Default: the token stands in its file. */
  readonly tokenEnv?: string | undefined;
  /** Also events that come many times in a turn. */
  readonly allEvents: boolean;
  /** Only tell what would be written. */
  readonly dryRun: boolean;
  /** Node, and the file of `synaps-ext` that it runs: what the hook starts the service with. */
  readonly node: string;
  readonly cli: string;
}

/** The result of `wire`. */
export interface WireReport {
  readonly agent: AgentName;
  readonly title: string;
  readonly scope: Scope;
  readonly file: string;
  /** The file that was written through a link; otherwise the same. */
  readonly target: string;
  /** False if everything stood there already. */
  readonly changed: boolean;
  readonly mode: Mode;
  readonly transport: "command" | "http";
  /** The events of the agent that have an entry now. */
  readonly events: readonly string[];
  /** Events of which the entry refuses where it has no answer. */
  readonly closed: readonly string[];
  /** Entries that somebody edited: they stay, and no other entry was added beside them. */
  readonly edited: readonly FoundEntry[];
  readonly hook: string;
  /** Reasons for which entries may not have an effect. */
  readonly warnings: readonly string[];
  /** Things that the person has to do or know. */
  readonly notes: readonly string[];
}

/**
 * Writes the entries of an agent into its configuration, and the hook programs that they name. Other entries of ours in the same
 * file are replaced. Rejects with a HostError, and leaves the agent's file alone, for everything that is not understood.
 */
export async function wire(surroundings: Surroundings, options: WireOptions): Promise<WireReport> {
  checkOptions(options);
  const { agent, scope, mode } = options;
  const services = servicePlaces(surroundings.baseDir);
  const agentsDir = dirname(services.httpFile);
  const { file, settings } = await chosenFile(agentFiles(agent, scope, surroundings), surroundings);
  const http = options.http ? await httpWay(services, options.tokenEnv) : undefined;
  if (http) checkHttp(settings, http);
  const record = await readRecord(agentsDir, file.path);
  const clean = cleanState(file, settings, record);
  const taken = new Set(clean.edited.map(({ event }) => event));
  const plans = plansFor(options, hookPath(agentsDir), http).filter(({ event }) => !taken.has(event));
  const bytes = bytesOf(settings, textWith(file, clean.text, plans));
  const holdsToken = http !== undefined && http.tokenEnv === undefined;
  const wantedMode = (clean.mode ?? 0o644) & (holdsToken ? 0o600 : 0o777);
  const changed =
    settings.bytes === undefined || !bytes.equals(settings.bytes) || settings.mode !== wantedMode;
  const [perl, curl] = await Promise.all(
    ["perl", "curl"].map((name) => findProgram(name, surroundings.env["PATH"])),
  );
  if (!options.dryRun) {
    await makePrivateFolder(agentsDir);
    await writePrograms(services, agentsDir, options, { perl, curl });
    if (http) await keepHttpWay(services, http);
    if (changed) await write(agentsDir, { file, settings, record, clean, bytes, mode: wantedMode });
  }
  const written: SettingsFile = { ...settings, bytes, text: bytes.toString().replace(/^\uFEFF/, "") };
  return {
    agent,
    title: dialectOf(agent)?.title ?? agent,
    scope,
    file: file.path,
    target: settings.target,
    changed,
    mode,
    transport: options.http ? "http" : "command",
    events: plans.map(({ event }) => event),
    closed: plans.filter((plan) => plan.mode === "closed").map(({ event }) => event),
    edited: clean.edited,
    hook: hookPath(agentsDir),
    warnings: [...(await cautionsOf(file, written)), ...((perl ?? curl) === undefined ? [ONLY_NODE] : [])],
    notes: [
      ...(file.form === "toml" ? [IN_TOML] : []),
      ...AGENT_FACTS[agent].trust[scope],
      ...httpNotes(services, http),
    ],
  };
}

const IN_TOML =
  "Your own hooks stand in config.toml, and Codex warns where hooks.json has some too: the hooks are one marked block at its end.";

const ONLY_NODE =
  "There is neither perl nor curl in PATH: each event starts Node instead, which takes about ten times as long";

function httpNotes({ tokenFile }: ServicePlaces, http: HttpWay | undefined): string[] {
  if (http === undefined) return [];
  return [
    http.tokenEnv === undefined
      ? "The token of the service stands in the file, which only you may read now."
      : `Set the token before you start the agent: export ${http.tokenEnv}="$(cat '${tokenFile}')"`,
  ];
}

function checkOptions({ agent, scope, mode, http, tokenEnv }: WireOptions): void {
  if (process.platform === "win32")
    throw refusals.option("Agents cannot be wired on Windows: the hook is a shell script", "Use WSL.");
  if (tokenEnv !== undefined && !http)
    throw refusals.option("--token-env names the token of --http, which is missing", "Add --http.");
  if (tokenEnv !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(tokenEnv))
    throw refusals.option(`'${tokenEnv}' is no name of a variable`, "Use letters, digits and underscores.");
  if (!http) return;
  if (agent !== "claude-code")
    throw refusals.option(
      `--http is for Claude Code only: ${agent} has no HTTP hooks for the loopback address`,
      "Leave out --http.",
    );
  if (mode === "closed")
    throw refusals.option(
      "--http and --closed do not go together: Claude Code runs the tool whenever an HTTP hook fails",
      "Leave out --http: the command hook can refuse.",
    );
  if (scope === "project" && tokenEnv === undefined)
    throw refusals.option(
      "--http would write the token of the service into a file of the project",
      "Name a variable of the environment for it: --token-env SYNAPS_HOOK_TOKEN.",
    );
}

function checkHttp(settings: SettingsFile, http: HttpWay): void {
  const { path, target } = settings;
  if (http.tokenEnv === undefined && target !== path)
    throw refusals.option(
      `--http would write the token of the service through the link '${path}' to '${target}'`,
      "Name a variable of the environment for it: --token-env SYNAPS_HOOK_TOKEN.",
    );
  const url = `http://127.0.0.1:${http.port}/v1/hooks/claude-code`;
  const isAllowed = (): boolean => allowsUrl(settings, `${url}?event=PreToolUse`);
  if (!isAllowed())
    throw refusals.notUnderstood(
      path,
      `its 'allowedHttpHookUrls' does not allow ${url}*, and Claude Code would leave out the hooks without a word`,
    );
}

/** The file to write to: the one that has entries of ours, or the agent's first, or the one in which the user has hooks. */
async function chosenFile(
  files: readonly AgentFile[],
  { project }: Surroundings,
): Promise<{ file: AgentFile; settings: SettingsFile }> {
  const found = await Promise.all(
    files.map(async (file) => {
      const settings = await readSettings(file.path, file.scope === "project" ? project : undefined);
      return { file, settings };
    }),
  );
  const wired = found.find(({ file, settings }) => entriesIn(file, settings).length > 0);
  const [first, second] = found;
  if (first === undefined) throw new RangeError("an agent without files");
  if (wired) return wired;
  // Codex merges both of its files with a warning: where the user keeps hooks in the second, they stay together.
  const isSecond =
    second?.file.form === "toml" && first.settings.bytes === undefined && speaksOfHooks(second.settings.text);
  return isSecond ? second : first;
}

/** The content without entries of ours: the one before them where nobody edited the file since. */
interface Clean {
  readonly text: string;
  /** Null when there was no file. */
  readonly before: WiringRecord["before"];
  readonly mode: number | undefined;
  readonly edited: readonly FoundEntry[];
}

function cleanState(file: AgentFile, settings: SettingsFile, record: WiringRecord | undefined): Clean {
  const { bytes, mode, text } = settings;
  if (bytes === undefined || mode === undefined)
    return { text: "", before: null, mode: undefined, edited: [] };
  const own = record && mode === record.writtenMode ? record.before?.mode : undefined;
  const cleanMode = own ?? mode;
  if (record && contentHash(bytes) === record.writtenHash) {
    const old = record.before?.bytes.toString().replace(/^\uFEFF/, "") ?? "";
    return {
      text: old,
      before: record.before,
      mode: record.before === null ? undefined : cleanMode,
      edited: [],
    };
  }
  const { text: rest, removed, edited } = textWithout(file, text, originalText(record));
  const before = removed === 0 ? bytes : bytesOf(settings, rest);
  return { text: rest, before: { bytes: before, mode: cleanMode }, mode: cleanMode, edited };
}

/** The text of the file before our entries came; empty where nobody knows it, or there was no file. */
export function originalText(record: WiringRecord | undefined): string {
  return record?.before?.bytes.toString().replace(/^\uFEFF/, "") ?? "";
}

function plansFor(options: WireOptions, hook: string, http: HttpWay | undefined): EntryPlan[] {
  const { agent, mode, allEvents } = options;
  return eventsOf(agent, allEvents).map(({ name, closes }) => ({
    agent,
    event: name,
    mode: closes ? mode : "open",
    hook,
    // Claude Code does not send the first event over HTTP; as a command it also starts the service.
    http: name === "SessionStart" || name === "Setup" || name === "InstructionsLoaded" ? undefined : http,
  }));
}

async function writePrograms(
  services: ServicePlaces,
  agentsDir: string,
  { node, cli }: WireOptions,
  clients: Pick<HookPlaces, "perl" | "curl">,
): Promise<void> {
  const { baseDir, folder, socket } = services;
  const places = { agentsDir, baseDir, socketDir: folder, socket, node, cli, ...clients };
  await writePrivate(nodeHookPath(agentsDir), nodeHookScript(places));
  await writePrivate(hookPath(agentsDir), hookScript(places), 0o700);
}

interface Writing {
  readonly file: AgentFile;
  readonly settings: SettingsFile;
  readonly record: WiringRecord | undefined;
  readonly clean: Clean;
  readonly bytes: Buffer;
  readonly mode: number;
}

/** The record comes first: a file of which nobody knows the content before could not be put back. */
async function write(agentsDir: string, writing: Writing): Promise<void> {
  const { file, settings, record, clean, bytes, mode } = writing;
  const next: WiringRecord = {
    agent: file.agent,
    scope: file.scope,
    path: file.path,
    before: clean.before,
    writtenHash: contentHash(bytes),
    writtenMode: mode,
    folders: record?.folders ?? [],
  };
  await writeRecord(agentsDir, next);
  try {
    const made = await writeSettings(settings, { bytes, mode });
    if (made.length > 0) await writeRecord(agentsDir, { ...next, folders: made });
  } catch (error) {
    await (record ? writeRecord(agentsDir, record) : removeRecord(agentsDir, file.path));
    throw error;
  }
}
