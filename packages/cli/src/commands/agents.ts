import { didYouMean } from "@synaps/sdk/protocol";
import { DIALECTS, type AgentName } from "@synaps/service/agents";
import { listAgents, unwire, wire, type Surroundings, type WireOptions } from "@synaps/service/wiring";
import { homedir } from "node:os";
import { agentsText, unwireText, wireText } from "../agents-text.js";
import { agentsTest } from "./agents-test.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { placesOf } from "../places.js";
import { errors } from "../present-error.js";
import { jsonDocument } from "../text.js";

export interface AgentsFlags {
  baseDir?: string;
  project?: boolean;
  closed?: boolean;
  http?: boolean;
  tokenEnv?: string;
  allEvents?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export type AgentsAction = "list" | "wire" | "unwire" | "test";

/** Lists coding agents, or writes the hooks of one into its configuration and takes them back. */
export async function agents(
  io: Io,
  action: AgentsAction,
  agent: string | undefined,
  flags: AgentsFlags,
): Promise<number> {
  checkFlags(action, flags);
  const surroundings = surroundingsOf(io, flags);
  if (action === "list") {
    if (agent !== undefined) throw errors.usage("list takes no agent", "Run: synaps-ext agents list");
    const list = await listAgents(surroundings);
    await io.stdout.write(
      flags.json ? jsonDocument({ schemaVersion: 1, ...list }) : agentsText(list, io.stdout),
    );
    return EXIT.ok;
  }
  const name = agentNamed(action, agent);
  if (action === "test") return agentsTest(io, name, surroundings, flags);
  const scope = flags.project ? "project" : "user";
  if (action === "unwire") {
    const report = await unwire(surroundings, name, scope);
    await io.stdout.write(
      flags.json ? jsonDocument({ schemaVersion: 1, ...report }) : unwireText(report, io.stdout),
    );
    return EXIT.ok;
  }
  const report = await wire(surroundings, wireOptions(name, scope, flags));
  await io.stdout.write(
    flags.json
      ? jsonDocument({ schemaVersion: 1, written: !flags.dryRun, ...report })
      : wireText(report, flags.dryRun === true, io.stdout),
  );
  return EXIT.ok;
}

function surroundingsOf({ env }: Io, flags: AgentsFlags): Surroundings {
  const { baseDir } = placesOf(flags);
  return { env, home: homedir(), project: process.cwd(), baseDir };
}

function wireOptions(agent: AgentName, scope: WireOptions["scope"], flags: AgentsFlags): WireOptions {
  return {
    agent,
    scope,
    mode: flags.closed ? "closed" : "open",
    http: flags.http === true,
    tokenEnv: flags.tokenEnv,
    allEvents: flags.allEvents === true,
    dryRun: flags.dryRun === true,
    node: process.execPath,
    cli: process.argv[1] ?? "",
  };
}

function agentNamed(action: AgentsAction, name: string | undefined): AgentName {
  const known = DIALECTS.map(({ agent }) => agent);
  const there = `There are: ${known.join(", ")}.`;
  if (name === undefined) throw errors.usage(`${action} needs the name of an agent`, there);
  const found = known.find((agent) => agent === name);
  if (found !== undefined) return found;
  throw errors.agentNotFound(name, known, didYouMean(name, known));
}

/** Flags that only `wire` takes, by the name in the program. */
const OF_WIRE = {
  closed: "--closed",
  http: "--http",
  tokenEnv: "--token-env",
  allEvents: "--all-events",
  dryRun: "--dry-run",
} as const;

function checkFlags(action: AgentsAction, flags: AgentsFlags): void {
  const alien = Object.entries(OF_WIRE).find(([name]) => flags[name as keyof typeof OF_WIRE] !== undefined);
  if (action !== "wire" && alien) throw errors.usage(`${alien[1]} is a flag of wire`, "Leave it out.");
  if (action === "list" && flags.project)
    throw errors.usage("--project is a flag of wire and unwire", "list looks at both places.");
}
