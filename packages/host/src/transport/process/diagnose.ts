import { accessSync, constants, statSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import { HostError } from "../../errors.js";
import type { ChildProcess, ExitInfo, SpawnRequest } from "./child.js";

const STDERR_LINES = 5;
/** Lines from the end among which telling lines are looked for. */
const STDERR_LOOK_BACK = 50;
/** Lines that runtimes print around the line that matters: frames of a stack, rulers, carets, blank lines, their version. */
const NOISE = /^(?:\s+at |\s*\d+: |\s*-{3}|\s*\^+\s*$|\s*$|Node\.js v)/;

/** Describes the end of a process in words. */
export function exitText({ code, signal, error }: ExitInfo): string {
  if (error) return `never started: ${error.message}`;
  return signal ? `was ended by ${signal}` : `exited with code ${code ?? "unknown"}`;
}

/** Makes the error for a process that could not be started. */
export function spawnError(
  id: string,
  request: SpawnRequest,
  exit: ExitInfo,
  setup: string | undefined,
): HostError {
  const failed = `Failed to spawn extension '${id}'`;
  const { command, cwd } = request;
  const data = { extension: id };
  if (!isFolder(cwd)) {
    return new HostError("SPAWN_FAILED", `${failed}: its folder '${cwd}' does not exist`, {
      hint: "Install the extension again.",
      data,
    });
  }
  switch (exit.error?.code) {
    case "ENOENT": {
      const missing = `the program '${command}' was not found`;
      const hint = setup
        ? `Run the extension's setup script '${setup.replace(/\p{Cc}/gu, "?")}' first.`
        : `Install '${basename(command)}'${isAbsolute(command) ? "" : " or put it on PATH"}, or correct 'command' in the manifest.`;
      return new HostError("SPAWN_COMMAND_NOT_FOUND", `${failed}: ${missing} (os error 2)`, { hint, data });
    }
    case "EACCES":
      return new HostError("SPAWN_NOT_EXECUTABLE", `${failed}: '${command}' may not be executed`, {
        hint: isExecutable(command) ? "Check the rights of its folders." : `Run: chmod +x ${command}`,
        data,
      });
    default:
      return new HostError("SPAWN_FAILED", `${failed}: ${exit.error?.message ?? exitText(exit)}`, {
        hint: "Check 'command' and 'args' in the manifest.",
        data,
      });
  }
}

/** Describes the end of a process while `doing` was under way. */
export function exitDiagnosis(child: ChildProcess, doing: string): string {
  const how = child.exit ? exitText(child.exit) : "is gone";
  const telling = child.stderrLines(STDERR_LOOK_BACK).filter((line) => !NOISE.test(line));
  const last = telling.slice(-STDERR_LINES).map((line) => line.trim());
  const said = last.length === 0 ? "it wrote nothing to stderr" : `last on stderr: ${last.join(" | ")}`;
  return `the process ${how} while ${doing}; ${said}`;
}

const TAKEN_DOWN_REMEDY =
  "Answer within the deadline and keep reading standard input: do slow work in the background.";

/** Reports the end of a live process and a remedy. `takenDown` says why the host ended it, if the host did. */
export function fallReport(
  child: ChildProcess,
  doing: string,
  takenDown: string | undefined,
): { reason: string; hint: string } {
  const reason = exitDiagnosis(child, doing);
  if (takenDown === undefined) return { reason, hint: exitRemedy(child) };
  return { reason: `${takenDown}; ${reason}`, hint: TAKEN_DOWN_REMEDY };
}

/** Returns a remedy for a process that ended by itself. */
function exitRemedy({ exit }: ChildProcess): string {
  switch (exit?.signal) {
    case "SIGKILL":
      return "Something killed it; often the kernel, because memory ran out: see the system's log.";
    case "SIGTERM":
    case "SIGINT":
    case "SIGHUP":
      return "Somebody else ended it: leave that to the host.";
    case undefined:
    case null:
      return exit?.code === 0
        ? "An extension runs until the host says shutdown: look for what ends it."
        : "Correct what its last words say, or start its command by hand in its folder.";
    default:
      return "Its runtime or native code failed: update it, or report the last words to its author.";
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
