import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host, HostSnapshot, Outcome, Vote } from "@synaps/host";
import { vi } from "vitest";
import { FIXTURES } from "../../../helpers/paths.js";
import { writeExtension } from "../../../helpers/temp.js";

interface FixtureManifest {
  extension: Record<string, unknown> & { args: string[]; hooks?: object[] };
}

export interface VariantOptions {
  /** Name of the folder. Default: the fixture's. */
  id?: string;
  /** What the fixture's code gets behind its own name. Default: what its manifest says. */
  args?: readonly string[];
  /** Replaces keys of the `extension` section. */
  extension?: Readonly<Record<string, unknown>>;
}

/**
 * Deadline of a hook whose test expects anything but that deadline: an answer, a crash or a restart takes as long as a
 * busy machine needs. Whoever tests the deadline itself names a short one, with `quickHook`.
 */
const PATIENT = { timeout_ms: 30_000 };

/** Writes an extension that runs a fixture's code under a patient manifest of its own; returns its folder. */
export function variant(parent: string, fixture: string, options: VariantOptions = {}): string {
  const root = join(FIXTURES, fixture);
  const path = join(root, ".synaps-plugin", "plugin.json");
  const { extension } = JSON.parse(readFileSync(path, "utf8")) as FixtureManifest;
  const [main = "", ...own] = extension.args;
  const args = [join(root, main), ...(options.args ?? own)];
  const hooks = extension.hooks?.map((hook) => ({ ...PATIENT, ...hook })) ?? [];
  return writeExtension(parent, options.id ?? fixture, { ...extension, hooks, args, ...options.extension });
}

/** A hook on `before_tool_call` with a short deadline, for fixtures that do not answer. */
export function quickHook(timeout_ms: number, more: Readonly<Record<string, unknown>> = {}): object {
  return { hook: "before_tool_call", timeout_ms, ...more };
}

export function call(tool_input: unknown = null): { kind: string; tool_name: string; tool_input: never } {
  return { kind: "before_tool_call", tool_name: "bash", tool_input: tool_input as never };
}

/** What a fixture told in a `modify`. */
export function told(outcome: Outcome): Record<string, unknown> {
  if (outcome.action !== "modify") throw new Error(`the fixture told nothing: ${JSON.stringify(outcome)}`);
  return outcome.input as Record<string, unknown>;
}

/** Votes as one line each: what a test compares. */
export function votes(outcome: Outcome): string[] {
  return outcome.votes.map(voteText);
}

function voteText(vote: Vote): string {
  switch (vote.status) {
    case "voted":
      return `${vote.extension}: ${vote.verdict.action}${vote.ignored === undefined ? "" : " ignored"}`;
    case "abstained":
      return `${vote.extension}: abstained ${vote.reason}`;
    case "not_reached":
      return `${vote.extension}: not reached`;
  }
}

type Status = HostSnapshot["extensions"][number];

export function statusOf(host: Host, id: string): Status {
  const status = host.snapshot().extensions.find((one) => one.id === id);
  if (!status) throw new Error(`the host knows no '${id}'`);
  return status;
}

/** Waits until an extension stands in a state. */
export async function inState(host: Host, id: string, state: Status["state"]): Promise<Status> {
  return vi.waitFor(
    () => {
      const status = statusOf(host, id);
      if (status.state !== state) throw new Error(`'${id}' is ${status.state}, not ${state}`);
      return status;
    },
    { timeout: 40_000, interval: 5 },
  );
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  // A process that ended and was not yet collected by its parent runs no more.
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return !/\) [ZX] /.test(stat);
}

/** Waits until a process is gone. */
export async function gone(pid: number): Promise<void> {
  await vi.waitFor(
    () => {
      let running: boolean;
      try {
        running = alive(pid);
      } catch {
        running = false;
      }
      if (running) throw new Error(`process ${pid} is alive`);
    },
    { timeout: 40_000, interval: 5 },
  );
}
