import type { CommandEnd, InstallSettings, ShortCommand } from "../../loading/install/settings.js";
import { Activity } from "../../time/activity.js";
import { Children } from "./children.js";
import { drained } from "./drained.js";
import { childEnvironment } from "./environment.js";
import { StderrTail } from "./stderr-tail.js";

/** Time for the last output of a program that ended. */
const DRAIN_MS = 200;

/**
 * Runs a program to its end, with nothing on its standard input, and keeps this program alive meanwhile. Never rejects;
 * the whole process group ends with the program.
 */
export function runCommand(command: ShortCommand, settings: InstallSettings): Promise<CommandEnd> {
  return new Activity().during(run(command, settings));
}

async function run(command: ShortCommand, settings: InstallSettings): Promise<CommandEnd> {
  const { extension, args, cwd, timeoutMs, signal, onLine } = command;
  const children = new Children(settings);
  const env = childEnvironment(settings.env, []);
  let lastError: string | undefined;
  const onStderrLine = (line: string): void => onLine((lastError = line));
  const child = children.spawn(extension, { command: command.command, args, cwd, env, onStderrLine });
  const out = new StderrTail(onLine);
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stdin.end();
  let late = false;
  const kill = (): void => child.signal("SIGKILL");
  const timer = settings.clock.after(timeoutMs, () => {
    late = true;
    kill();
  });
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted) kill();
  const exit = await child.exited;
  timer.cancel();
  signal?.removeEventListener("abort", kill);
  // A grandchild that holds the pipe is not waited for.
  await drained(child.stdout, DRAIN_MS);
  // The last line of standard error has no line end when the program was cut short.
  const [unfinished] = child.stderrLines(1);
  if (unfinished !== undefined && unfinished !== lastError) onLine(unfinished);
  child.release();
  out.end();
  await children.close();
  if (late) return { type: "timeout" };
  if (exit.error) return { type: "not_started", message: exit.error.message };
  return exit.code === null
    ? { type: "killed", signal: exit.signal ?? "SIGKILL" }
    : { type: "exited", code: exit.code };
}
