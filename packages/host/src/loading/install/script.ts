import { HostError } from "../../errors.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import { InstallLog, installLogPath } from "./install-log.js";
import { installLimits, type CommandEnd, type InstallOptions } from "./settings.js";

export interface ScriptReport {
  /** File that holds everything that the script printed. */
  log: string;
  /** The last lines of it. */
  tail: readonly string[];
}

const TAIL_LINES = 20;

/**
 * Runs a setup script: by `bash`, in the extension's folder, with the environment that extensions get and nothing on its
 * standard input. Its process group ends with it. Throws a HostError with the last words when it fails or is too slow.
 */
export async function runScript(
  extension: LoadedExtension,
  script: string,
  options: InstallOptions,
): Promise<ScriptReport> {
  const { id, root: cwd } = extension;
  const { settings, onLine, signal } = options;
  const { scriptMs } = installLimits(options);
  const log = installLogPath(settings.baseDir, id, settings.clock.wallMs());
  const file = await InstallLog.open(settings.baseDir, log);
  const tail: string[] = [];
  const note = (line: string): void => {
    file.line(line);
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    onLine?.(line);
  };
  try {
    const command = { extension: id, command: "bash", args: [script], cwd, timeoutMs: scriptMs, signal };
    const end = await options.run({ ...command, onLine: note }, settings);
    const reason = signal?.aborted ? "it was given up" : failureOf(end, scriptMs);
    if (reason !== undefined) throw failed(id, reason, tail, log);
    return { log, tail };
  } finally {
    const reason = await file.close();
    if (reason !== undefined)
      settings.logger.warn("the log of a setup has gaps", { extension: id, file: log, reason });
  }
}

/** Says in words how a script failed; undefined when it succeeded. */
function failureOf(end: CommandEnd, scriptMs: number): string | undefined {
  switch (end.type) {
    case "timeout":
      return `it took longer than ${scriptMs} ms`;
    case "not_started":
      return `bash could not be started: ${end.message}`;
    case "killed":
      return `it was ended by ${end.signal}`;
    case "exited":
      return end.code === 0 ? undefined : `it ended with code ${end.code}`;
  }
}

function failed(id: string, reason: string, lines: readonly string[], log: string): HostError {
  const last = lines.at(-1);
  const said = last === undefined ? "it printed nothing" : `it printed last: ${last.slice(0, 200)}`;
  return new HostError("SETUP_FAILED", `The setup of extension '${id}' failed: ${reason}; ${said}`, {
    hint: `Read ${log}, and run it again: synaps-ext setup ${id}`,
    data: { log },
  });
}
