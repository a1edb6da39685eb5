import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DIALECTS, type AgentName } from "../agents/index.js";
import { isAnswered, pidOf } from "../server/claim.js";
import { servicePlaces } from "../server/places.js";
import { AGENT_FACTS, agentFiles, type AgentFile, type Scope, type Surroundings } from "./agent-files.js";
import { entriesIn } from "./agent-text.js";
import { cautionsOf } from "./cautions.js";
import type { FoundEntry, Mode } from "./entries.js";
import { hookPath } from "./hook-script.js";
import { findProgram, versionOf } from "./programs.js";
import { readSettings } from "./settings-file.js";
import { messageOf } from "../server/error-fields.js";

const LAST_BYTES = 4_096;
/** Time, agent, event and mode stand before the reason. */
const FAILURE = /^\S+Z \S+ \S+ (?:open|closed): /;

/** One configuration file with entries of ours, or one that may have some. */
export interface WiredFile {
  readonly path: string;
  readonly scope: Scope;
  /** `closed` if an entry refuses where it has no answer. */
  readonly mode: Mode;
  readonly transport: "command" | "http";
  readonly events: readonly string[];
  readonly edited: readonly FoundEntry[];
  /** Reasons for which the entries have no effect, or for which nobody can tell. */
  readonly problems: readonly string[];
}

/** An agent, as far as this machine has it. */
export interface ListedAgent {
  readonly agent: AgentName;
  readonly title: string;
  /** The program in PATH. */
  readonly program: string | null;
  /** Null where the installation does not tell it. */
  readonly version: string | null;
  readonly files: readonly WiredFile[];
}

/** The result of `list`. */
export interface AgentList {
  readonly agents: readonly ListedAgent[];
  readonly hook: { readonly path: string; readonly present: boolean };
  readonly service: { readonly running: boolean; readonly pid: number | null; readonly socket: string };
  /** The last failure in the hook's log, which also holds words of services that were started. */
  readonly lastFailure: string | null;
}

/** Looks at all agents: installed or not, where they are wired, and how. Changes nothing, and runs no agent. */
export async function listAgents(surroundings: Surroundings): Promise<AgentList> {
  const services = servicePlaces(surroundings.baseDir);
  const agentsDir = dirname(services.httpFile);
  const hook = hookPath(agentsDir);
  const running = await isAnswered(services.socket);
  return {
    agents: await Promise.all(DIALECTS.map(({ agent, title }) => listed(surroundings, agent, title))),
    hook: { path: hook, present: existsSync(hook) },
    service: { running, pid: running ? (pidOf(services) ?? null) : null, socket: services.socket },
    lastFailure: await lastFailure(join(agentsDir, "hook.log")),
  };
}

async function listed(surroundings: Surroundings, agent: AgentName, title: string): Promise<ListedAgent> {
  const program = await findProgram(AGENT_FACTS[agent].command, surroundings.env["PATH"]);
  const files = (["user", "project"] as const).flatMap((scope) => agentFiles(agent, scope, surroundings));
  // A project that is the home folder has the same files.
  const paths = [...new Map(files.map((file) => [file.path, file])).values()];
  const found = await Promise.all(paths.map((file) => wiredFile(file, surroundings)));
  return {
    agent,
    title,
    program: program ?? null,
    version: program === undefined ? null : await versionOf(program),
    files: found.filter((file) => file !== undefined),
  };
}

async function wiredFile(file: AgentFile, { project }: Surroundings): Promise<WiredFile | undefined> {
  const { path, scope } = file;
  const nothing = { path, scope, mode: "open", transport: "command", events: [], edited: [] } as const;
  try {
    const settings = await readSettings(path, scope === "project" ? project : undefined);
    const entries = entriesIn(file, settings);
    if (entries.length === 0) return undefined;
    const ours = entries.filter(({ edited }) => !edited);
    return {
      path,
      scope,
      mode: ours.some(({ mode }) => mode === "closed") ? "closed" : "open",
      transport: ours.some(({ transport }) => transport === "http") ? "http" : "command",
      events: ours.map(({ event }) => event),
      edited: entries.filter(({ edited }) => edited),
      problems: await cautionsOf(file, settings),
    };
  } catch (error) {
    return { ...nothing, problems: [messageOf(error)] };
  }
}

async function lastFailure(path: string): Promise<string | null> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(LAST_BYTES);
      const { bytesRead } = await file.read(buffer, 0, LAST_BYTES, Math.max(0, size - LAST_BYTES));
      const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
      return lines.findLast((line) => FAILURE.test(line)) ?? null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
