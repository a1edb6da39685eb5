import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { programOf, TRUST, type Agent } from "./agents.js";
import type { Turn } from "./model/script.js";
import { startModel, type ScriptedModel } from "./model/server.js";
import type { Place } from "./place.js";

/** A run that takes longer hangs. */
const LONGEST_MS = 240_000;

/** An agent that ran to its end. */
export interface Run {
  readonly model: ScriptedModel;
  /** `null`: it was ended because it hung. */
  readonly code: number | null;
  readonly hung: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly prompt?: string;
  /** Codex runs hooks that nobody trusted. Default yes. */
  readonly trusted?: boolean;
  readonly longestMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs an agent once, without a terminal, against a model with this script. */
export async function runAgent(
  agent: Agent,
  place: Place,
  script: readonly Turn[],
  { prompt = "Follow the script.", trusted = true, longestMs = LONGEST_MS, env: more = {} }: RunOptions = {},
): Promise<Run> {
  const model = await startModel(script);
  try {
    const { args, env } = agent.start(place, model.url);
    const trust = agent.name === "codex" && trusted ? [TRUST] : [];
    const words = agent.name === "codex" ? [...args, ...trust, prompt] : [...args, "-p", prompt];
    const child = spawn(programOf(agent), words, {
      cwd: place.project,
      env: { ...place.env, ...env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
      // With what it started: an agent that hangs leaves hooks and shells behind.
      detached: true,
    });
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      process.kill(-child.pid!, "SIGKILL");
    }, longestMs);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    clearTimeout(timer);
    return { model, code, hung, stdout, stderr };
  } finally {
    await model.close();
  }
}
