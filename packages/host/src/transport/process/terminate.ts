import type { HostLimits } from "../../options.js";
import { limited } from "../../time/limited.js";
import type { ChildProcess } from "./child.js";

type StopLimits = Pick<HostLimits, "shutdownMs" | "stdinEndMs" | "sigtermMs">;

export type StopStep = "gone" | "shutdown" | "stdin_end" | "sigterm" | "sigkill";

/**
 * Ends a process, each step harder than the one before: asked by `shutdown`, end of its input, SIGTERM to the
 * group, SIGKILL to the group. Returns the step that it took. Whatever of the group is left then is killed too.
 */
export async function terminate(
  child: ChildProcess,
  askToStop: () => Promise<unknown>,
  limits: StopLimits,
): Promise<StopStep> {
  const step = await climb(child, askToStop, limits);
  child.release();
  return step;
}

/** Ends a process that nobody can ask: SIGTERM to its group, and SIGKILL for what is left after `sigtermMs`. */
export async function endGroup(child: ChildProcess, sigtermMs: number): Promise<void> {
  if (!child.exit) child.signal("SIGTERM");
  if (!(await endedWithin(child, sigtermMs))) child.signal("SIGKILL");
  await child.exited;
  child.release();
}

async function climb(
  child: ChildProcess,
  askToStop: () => Promise<unknown>,
  limits: StopLimits,
): Promise<StopStep> {
  if (child.exit) return "gone";
  // After the answer the process still has what is left of the time to end by itself.
  const asked = askToStop();
  if (await endedWithin(child, limits.shutdownMs)) return "shutdown";
  await asked;
  child.stdin.end();
  if (await endedWithin(child, limits.stdinEndMs)) return "stdin_end";
  child.signal("SIGTERM");
  if (await endedWithin(child, limits.sigtermMs)) return "sigterm";
  child.signal("SIGKILL");
  await child.exited;
  return "sigkill";
}

/** Waits at most `ms` for the end of the process. True when it ended. */
export async function endedWithin(child: ChildProcess, ms: number): Promise<boolean> {
  await limited(child.clock, ms, child.exited);
  return child.exit !== undefined;
}
