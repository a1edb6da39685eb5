import type { CommandEnd, InstallSettings, ShortCommand } from "../../loading/install/settings.js";
import { Activity } from "../../time/activity.js";
import { readBraked } from "../read-braked.js";
import { Children } from "./children.js";
import { childEnvironment } from "./environment.js";
import { runToEnd } from "./run-to-end.js";
import { StderrTail } from "./stderr-tail.js";

/** Time between SIGTERM and SIGKILL for a program that is ended. */
const FORCE_KILL_AFTER_MS = 2_000;
/** Time for the last output of a program that ended. */
const DRAIN_MS = 200;
/** Output that is passed on; far more than any build prints. */
const MAX_OUTPUT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Runs a program to its end, with nothing on its standard input, and keeps this program alive meanwhile. Never rejects;
 * the whole process group ends with the program.
 */
export function runCommand(command: ShortCommand, settings: InstallSettings): Promise<CommandEnd> {
  return new Activity().during(run(command, settings));
}

async function run(command: ShortCommand, settings: InstallSettings): Promise<CommandEnd> {
  const { extension, args, cwd, timeoutMs, signal } = command;
  const { clock } = settings;
  const children = new Children(settings);
  const env = childEnvironment(settings.env, []);
  const onLine = bounded(command.onLine);
  const out = new StderrTail(onLine);
  const { exit, interrupted } = await runToEnd(
    (request) => children.spawn(extension, request),
    { command: command.command, args, cwd, env, onStderrLine: onLine },
    { clock, timeoutMs, forceKillAfterMs: FORCE_KILL_AFTER_MS, drainMs: DRAIN_MS, signal },
    ({ stdout }) => readBraked(stdout, clock, (chunk) => out.push(chunk)),
  );
  out.end();
  await children.close();
  if (interrupted === "timeout") return { type: "timeout" };
  if (exit?.error) return { type: "not_started", message: exit.error.message };
  return exit === undefined || exit.code === null
    ? { type: "killed", signal: exit?.signal ?? "SIGTERM" }
    : { type: "exited", code: exit.code };
}

/** Passes lines on up to the bound, then says once that the rest is left out. */
function bounded(onLine: (line: string) => void): (line: string) => void {
  let left = MAX_OUTPUT_CHARACTERS;
  return (line) => {
    if (left <= 0) return;
    left -= line.length + 1;
    onLine(left > 0 ? line : "… the rest of the output is left out");
  };
}
