import { onAbort } from "../../time/abort.js";
import type { Clock } from "../../time/clock.js";
import type { ChildProcess, ExitInfo, SpawnRequest } from "./child.js";
import { drained } from "./drained.js";

export interface RunLimits {
  clock: Clock;
  /** Longest run. Without it, only the signal ends the program. */
  timeoutMs?: number;
  /** Time between SIGTERM and SIGKILL. */
  forceKillAfterMs: number;
  /** Time for the last output of a program that ended. */
  drainMs: number;
  signal: AbortSignal | undefined;
}

export interface RunEnd {
  /** Undefined when the signal was aborted before the start. */
  exit: ExitInfo | undefined;
  /** The reason for which the program was ended, if it did not end by itself. */
  interrupted: "timeout" | "cancelled" | undefined;
}

/**
 * Runs a command to its end, with nothing on its standard input. Nothing of its process group is left afterwards.
 * `read` is called once and reads the output as it comes; it returns how to end its brake. Never rejects.
 */
export async function runToEnd(
  spawn: (request: SpawnRequest) => ChildProcess,
  request: SpawnRequest,
  { clock, timeoutMs, forceKillAfterMs, drainMs, signal }: RunLimits,
  read: (child: ChildProcess) => () => void,
): Promise<RunEnd> {
  if (signal?.aborted) return { exit: undefined, interrupted: "cancelled" };
  const over = new AbortController();
  let interrupted: RunEnd["interrupted"];
  const interrupt = (why: "timeout" | "cancelled"): void => {
    interrupted ??= why;
    over.abort();
  };
  const timer = timeoutMs === undefined ? undefined : clock.after(timeoutMs, () => interrupt("timeout"));
  const stopListening = onAbort(signal, () => interrupt("cancelled"));
  const child = spawn({ ...request, cancel: { signal: over.signal, forceKillAfterMs } });
  child.stdin.end();
  const endBrake = read(child);
  const exit = await child.exited;
  timer?.cancel();
  stopListening();
  endBrake();
  // Only the program itself was told so far; its own children may have to clear up, too.
  if (interrupted) child.signal("SIGTERM");
  await drained(child, interrupted ? forceKillAfterMs : drainMs);
  child.release();
  return { exit, interrupted };
}
