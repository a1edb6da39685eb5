import { HostError } from "../../errors.js";
import { drained } from "../../transport/process/drained.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import { Children } from "../../transport/process/children.js";
import type { ChildProcess } from "../../transport/process/child.js";
import { childEnvironment } from "../../transport/process/environment.js";
import { StderrTail } from "../../transport/process/stderr-tail.js";
import { InstallLog, installLogPath } from "./install-log.js";
import { installLimits, type InstallOptions } from "./settings.js";

export interface ScriptReport {
  /** Where everything that it printed stands. */
  log: string;
  /** The last lines of it. */
  tail: readonly string[];
}

const TAIL_LINES = 20;
/** For the last output of a script that ended. */
const DRAIN_MS = 200;

/**
 * Runs a setup script: by `bash`, in the extension's folder, with the environment that extensions get and nothing on its
 * standard input. Its process group ends with it. Throws a HostError with the last words when it fails or is too slow.
 */
export async function runScript(
  extension: LoadedExtension,
  script: string,
  options: InstallOptions,
): Promise<ScriptReport> {
  const { settings, onLine, signal } = options;
  const { scriptMs } = installLimits(options);
  const log = installLogPath(settings.baseDir, extension.id, settings.clock.wallMs());
  const file = await InstallLog.open(log);
  const lines: string[] = [];
  const note = (line: string): void => {
    file.line(line);
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
    onLine?.(line);
  };
  let lastError: string | undefined;
  const children = new Children(settings);
  try {
    const child = children.spawn(extension.id, {
      command: "bash",
      args: [script],
      cwd: extension.root,
      env: childEnvironment(settings.env, []),
      onStderrLine: (line) => note((lastError = line)),
    });
    const why = await outcomeOf(child, note, scriptMs, options);
    // Without a line end, it was no line yet.
    const [unfinished] = child.stderrLines(1);
    if (unfinished !== undefined && unfinished !== lastError) note(unfinished);
    if (why !== undefined) throw failed(extension.id, why, lines, log);
    if (signal?.aborted) throw failed(extension.id, "it was given up", lines, log);
    return { log, tail: lines };
  } finally {
    await children.close();
    await file.close();
  }
}

/** Why it failed, if it did. */
async function outcomeOf(
  child: ChildProcess,
  note: (line: string) => void,
  scriptMs: number,
  { settings, signal }: InstallOptions,
): Promise<string | undefined> {
  const out = new StderrTail(note);
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stdin.end();
  let slow = false;
  const kill = (): void => child.signal("SIGKILL");
  const timer = settings.clock.after(scriptMs, () => {
    slow = true;
    kill();
  });
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted) kill();
  const exit = await child.exited;
  timer.cancel();
  signal?.removeEventListener("abort", kill);
  // What it printed last; a grandchild that holds the pipe is not waited for.
  await drained(child.stdout, DRAIN_MS);
  child.release();
  out.end();
  if (slow) return `it took longer than ${scriptMs} ms`;
  if (exit.error) return `bash could not be started: ${exit.error.message}`;
  if (exit.code === 0) return undefined;
  return exit.signal === null ? `it ended with code ${exit.code}` : `it was ended by ${exit.signal}`;
}

function failed(id: string, why: string, lines: readonly string[], log: string): HostError {
  const last = lines.at(-1);
  const said = last === undefined ? "it printed nothing" : `it printed last: ${last.slice(0, 200)}`;
  return new HostError("SETUP_FAILED", `The setup of extension '${id}' failed: ${why}; ${said}`, {
    hint: `Read ${log}, and run it again: synaps-ext setup ${id}`,
    data: { log },
  });
}
