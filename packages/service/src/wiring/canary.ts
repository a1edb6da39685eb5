import { randomUUID } from "node:crypto";
import { systemClock } from "@synaps/host";
import type { AgentName } from "../agents/index.js";
import { connectService, type ServiceClient } from "../client/client.js";
import { ensureService, type ServiceCommand } from "../client/start.js";
import type { OutcomeNotice } from "../server/outcomes.js";
import { messageOf } from "../server/error-fields.js";
import { servicePlaces } from "../server/places.js";
import { agentFiles, type Surroundings } from "./agent-files.js";
import { entriesIn } from "./agent-text.js";
import { cautionsOf } from "./cautions.js";
import { asAgent, CANARY_COMMAND, canaryPayload, TOOL_EVENT, type HookEnd } from "./canary-hook.js";
import { codexTrust } from "./codex-trust.js";
import type { FoundEntry } from "./entries.js";
import { findProgram } from "./programs.js";
import { readSettings } from "./settings-file.js";

/** Time for the notice of an outcome that was answered already. */
const NOTICE_MS = 2_000;

/** One step of the road of an event. */
export interface CanaryStep {
  readonly step: "configuration" | "trust" | "service" | "hook" | "host" | "extension";
  readonly ok: boolean;
  /** Milliseconds of this step. Those of `host` and of each `extension` are parts of `hook`. */
  readonly ms: number | null;
  readonly detail: string;
}

/** The way of one event from an agent's configuration to the extensions and back. */
export interface CanaryReport {
  readonly agent: AgentName;
  /** True if the event went the whole way. */
  readonly ok: boolean;
  readonly steps: readonly CanaryStep[];
  /** The command that an agent was said to want. */
  readonly command: string;
  /** The decision of the extensions; null if they were not asked. */
  readonly decision: OutcomeNotice["action"] | null;
  readonly by: string | null;
  /** The answer that the agent would read. */
  readonly answer: {
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
  } | null;
}

/**
 * Sends one event through everything that stands between an agent and the extensions, as the agent would: its configuration,
 * the hook that stands there, the service, the host. The agent itself is not run, so that its own trust in the hook is not
 * tested. Starts the service if it does not run.
 */
export async function testAgent(
  surroundings: Surroundings,
  agent: AgentName,
  command: ServiceCommand,
): Promise<CanaryReport> {
  const steps: CanaryStep[] = [];
  const report = (more: Partial<CanaryReport> = {}): CanaryReport => ({
    agent,
    ok: steps.every(({ ok }) => ok),
    steps,
    command: CANARY_COMMAND,
    decision: null,
    by: null,
    answer: null,
    ...more,
  });
  const entry = await configured(surroundings, agent, steps);
  if (entry === undefined) return report();
  if (agent === "codex") steps.push(await trustOf(entry, surroundings));
  const client = await reached(surroundings, command, steps);
  if (client === undefined) return report();
  try {
    const session = `synaps-canary-${randomUUID()}`;
    const notice = noticed(client, session);
    await notice.following;
    const canary = JSON.stringify(canaryPayload(agent, session, surroundings.project));
    const startMs = systemClock.now();
    const answer = await asAgent(entry, canary, surroundings);
    const hookMs = systemClock.now() - startMs;
    const heard = await notice.first;
    steps.push({
      step: "hook",
      ok: heard !== undefined,
      ms: hookMs,
      detail:
        heard === undefined ? `no answer of the service came through: ${lastLine(answer)}` : hookText(entry),
    });
    if (heard === undefined) return report({ answer });
    steps.push({
      step: "host",
      ok: true,
      ms: heard.duration_ms,
      detail: `hooks asked: ${heard.votes.length}`,
    });
    for (const vote of heard.votes)
      steps.push({
        step: "extension",
        ok: vote.status === "voted",
        ms: "runMs" in vote ? vote.runMs : null,
        detail: `${vote.extension}: ${vote.status === "voted" ? vote.verdict.action : vote.status === "abstained" ? `abstained, ${vote.reason}` : "not asked"}`,
      });
    return report({ answer, decision: heard.action, by: heard.by });
  } finally {
    client.close();
  }
}

async function configured(
  surroundings: Surroundings,
  agent: AgentName,
  steps: CanaryStep[],
): Promise<FoundEntry | undefined> {
  const startMs = systemClock.now();
  const unread: string[] = [];
  for (const scope of ["project", "user"] as const)
    for (const file of agentFiles(agent, scope, surroundings)) {
      let entry: FoundEntry | undefined;
      let cautions: readonly string[] = [];
      try {
        const settings = await readSettings(
          file.path,
          scope === "project" ? surroundings.project : undefined,
        );
        cautions = await cautionsOf(file, settings);
        entry = entriesIn(file, settings).find(({ event, edited }) => event === TOOL_EVENT[agent] && !edited);
      } catch (error) {
        unread.push(messageOf(error));
      }
      if (entry === undefined) {
        unread.push(...cautions.map((caution) => `${file.path}: ${caution}`));
        continue;
      }
      steps.push({
        step: "configuration",
        // The entry may stand there and the agent leave it out.
        ok: cautions.length === 0,
        ms: systemClock.now() - startMs,
        detail: [`${file.path}: ${entry.event}, ${entry.mode}, ${entry.transport}`, ...cautions].join("; "),
      });
      return entry;
    }
  steps.push({
    step: "configuration",
    ok: false,
    ms: systemClock.now() - startMs,
    detail: [
      ...unread,
      `no hook of Synaps for ${TOOL_EVENT[agent]}; run: synaps-ext agents wire ${agent}`,
    ].join("; "),
  });
  return undefined;
}

/** Codex alone tells whether it runs a hook. */
async function trustOf({ handler }: FoundEntry, { project, env }: Surroundings): Promise<CanaryStep> {
  const startMs = systemClock.now();
  const program = await findProgram("codex", env["PATH"]);
  const { runs, detail } =
    program === undefined
      ? { runs: false, detail: "codex is not in PATH, so nobody can say whether it trusts the hook" }
      : await codexTrust(program, String(handler["command"]), project, env);
  return { step: "trust", ok: runs, ms: systemClock.now() - startMs, detail };
}

async function reached(
  { baseDir, env }: Surroundings,
  command: ServiceCommand,
  steps: CanaryStep[],
): Promise<ServiceClient | undefined> {
  const places = servicePlaces(baseDir);
  const startMs = systemClock.now();
  try {
    const { started, pid } = await ensureService(places, command, env);
    const client = await connectService({ baseDir });
    await client.status();
    const who = pid === undefined ? "" : ` as process ${pid}`;
    steps.push({
      step: "service",
      ok: true,
      ms: systemClock.now() - startMs,
      detail: `${started ? "started" : "runs"}${who}`,
    });
    return client;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    steps.push({ step: "service", ok: false, ms: systemClock.now() - startMs, detail });
    return undefined;
  }
}

/** The first outcome of a session, or undefined after a time. */
function noticed(
  client: ServiceClient,
  session: string,
): { readonly following: Promise<unknown>; readonly first: Promise<OutcomeNotice | undefined> } {
  let heard!: (notice: OutcomeNotice | undefined) => void;
  const first = new Promise<OutcomeNotice | undefined>((resolve) => {
    heard = resolve;
  });
  const following = client.follow(heard, { session_id: session });
  return {
    following,
    get first() {
      // The answer came before: its notice is on the way, or there is none.
      systemClock.after(NOTICE_MS, () => heard(undefined));
      return first;
    },
  };
}

function hookText({ transport }: FoundEntry): string {
  return transport === "http"
    ? "asked over HTTP, as the agent does"
    : "started in a shell, as the agent does";
}

function lastLine({ stderr, stdout }: HookEnd): string {
  return (stderr.trim() || stdout.trim() || "it said nothing").split("\n").at(-1) ?? "";
}
