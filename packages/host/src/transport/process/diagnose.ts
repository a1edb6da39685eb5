import { basename, isAbsolute, resolve } from "node:path";
import { HostError, type HostErrorCode } from "../../errors.js";
import type { ChildProcess, ExitInfo, SpawnRequest } from "./child.js";
import { quoted } from "../../text-bounds.js";
import { scriptOf } from "./script.js";
import { exitFault, programFault, type ProgramFault } from "./program-fault.js";
import { clueIn, endedClue, exitLine, type Clue } from "./last-words.js";
import { findProgram, isBinary, isFolder, isLink, mayExecute, shown } from "./program-file.js";

const STDERR_LINES = 5;
/** Lines at the end among which those that say something are looked for. */
const STDERR_LOOK_BACK = 50;
/** Lines that runtimes print around the line that matters: frames of a stack, rulers, carets, blank lines, their version. */
const NOISE =
  /^(?:\s+at |\s*\d+: |\s*-{3}|\s*[~^]+\s*$|\s*$|Node\.js v|node:internal\/|\s+(?:throw|raise) |\s+(?:errno|code|syscall|path|spawnargs|requireStack): |\}$|Traceback \(most recent|\s+File ")/;

/** Returns in words how a process ended. */
export function exitText({ code, signal, error }: ExitInfo): string {
  if (error) return `never started: ${error.message}`;
  return signal ? `was ended by ${signal}` : `exited with code ${code ?? "unknown"}`;
}

/** Returns the error for a process that could not be started. `evidence` shows where its command stands. */
export function spawnError(
  id: string,
  request: SpawnRequest,
  exit: ExitInfo,
  setup: string | undefined,
  evidence?: string,
): HostError {
  const { code, why, hint } = refusal(request, exit, setup);
  const data = { extension: id, ...(evidence === undefined ? {} : { evidence }) };
  return new HostError(code, `Failed to spawn extension '${id}': ${why}`, { hint, data });
}

type Refusal = ProgramFault & { code: HostErrorCode };

function refusal(request: SpawnRequest, exit: ExitInfo, setup: string | undefined): Refusal {
  const nul = nulPlace(request);
  if (nul !== undefined) {
    const why = `${nul} holds a NUL character, which no program can be given`;
    return { code: "SPAWN_FAILED", why, hint: "Correct 'command' and 'args' in the manifest." };
  }
  if (!isFolder(request.cwd)) {
    const why = `its folder '${shown(request.cwd)}' does not exist`;
    return { code: "SPAWN_FAILED", why, hint: "Install the extension again." };
  }
  const errno = exit.error?.code ?? "";
  if (errno === "ENOENT") return missing(request, setup);
  if (errno === "EACCES") return forbidden(request);
  const known = REFUSALS[errno];
  const why = known?.why ?? exit.error?.message ?? exitText(exit);
  const hint = known?.hint ?? "Check 'command' and 'args' in the manifest.";
  return { code: "SPAWN_FAILED", why: known ? `${why} (${errno})` : why, hint };
}

/** Refusals that have nothing to do with the program's file. */
const REFUSALS: Readonly<Record<string, ProgramFault>> = {
  EMFILE: {
    why: "the host's program has no file descriptor left",
    hint: "Close files and sockets that the program no longer needs, or raise its limit (ulimit -n).",
  },
  ENFILE: {
    why: "the system has no file descriptor left",
    hint: "End programs that hold many files open, or raise the system's limit.",
  },
  EAGAIN: {
    why: "the limit of processes is reached",
    hint: "End processes that are not needed, or raise the limit (ulimit -u, or the container's).",
  },
  ENOMEM: { why: "the system has no memory for another process", hint: "Free memory, or add some." },
  E2BIG: {
    why: "its arguments and its environment are too long together",
    hint: "Shorten 'args', or the variables that 'env' in the manifest names.",
  },
  ENOEXEC: {
    why: "its program is made for another system, or is damaged",
    hint: "Install a build for this system.",
  },
  ETXTBSY: { why: "its program is being written just now", hint: "Start it again when that is done." },
  ENOTDIR: {
    why: "a part of the path of its program is no folder",
    hint: "Correct 'command' in the manifest.",
  },
  ELOOP: { why: "the path of its program leads through too many links", hint: "Correct the links." },
  ENAMETOOLONG: { why: "the path of its program is too long", hint: "Correct 'command' in the manifest." },
  EPERM: {
    why: "the system does not allow this user to run its program",
    hint: "Check the rights of the file, and the rules of the sandbox or container.",
  },
};

function missing(request: SpawnRequest, setup: string | undefined): Refusal {
  const fault = programFault(request);
  if (fault) return { code: "SPAWN_INTERPRETER_NOT_FOUND", ...fault };
  const { command } = request;
  const file = findProgram(request);
  if (file !== undefined && isBinary(file)) {
    const why = `'${shown(file)}' is built for another system: the loader that it names does not exist`;
    return { code: "SPAWN_INTERPRETER_NOT_FOUND", why, hint: "Install a build for this system." };
  }
  const link = /[/\\]/.test(command) && isLink(resolve(request.cwd, command));
  const what = link ? "is a link to a file that does not exist" : "was not found";
  const why = `the program '${shown(command)}' ${what} (os error 2)`;
  return { code: "SPAWN_COMMAND_NOT_FOUND", why, hint: missingHint(request, setup) };
}

function missingHint(request: SpawnRequest, setup: string | undefined): string {
  if (setup) return `Run the extension's setup script '${shown(setup)}' first.`;
  const { command } = request;
  const [first = "", ...rest] = command.split(/\s+/);
  if (rest.length > 0 && findProgram({ ...request, command: first }) !== undefined)
    return `Name the program alone in 'command', here '${shown(first)}', and the rest in 'args'.`;
  return `Install '${shown(basename(command))}'${isAbsolute(command) ? "" : " or put it on PATH"}, or correct 'command' in the manifest.`;
}

function forbidden(request: SpawnRequest): Refusal {
  const code = "SPAWN_NOT_EXECUTABLE";
  const path = findProgram(request) ?? resolve(request.cwd, request.command);
  const name = shown(path);
  if (isFolder(path)) {
    return { code, why: `'${name}' is a folder`, hint: "Correct 'command' in the manifest." };
  }
  const why = `'${name}' may not be executed`;
  if (!mayExecute(path)) return { code, why, hint: `Run: chmod +x ${name}` };
  const fault = programFault(request);
  const hint = "Check the rights of its folders, and that its file system allows programs (noexec).";
  return { code, ...(fault ?? { why, hint }) };
}

/** Names the part of a request that holds a NUL character: it would end the text early. */
function nulPlace({ command, args, cwd, env }: SpawnRequest): string | undefined {
  const holdsNul = (text: string): boolean => text.includes("\0");
  if (holdsNul(command)) return "its command";
  const at = args.findIndex(holdsNul);
  if (at !== -1) return `argument ${at + 1} of its command`;
  if (holdsNul(cwd)) return "the name of its folder";
  const variable = Object.keys(env).find((name) => holdsNul(name) || holdsNul(env[name] ?? ""));
  return variable === undefined ? undefined : `the environment variable '${shown(variable)}'`;
}

/** Describes how a process ended while `doing` was under way, with its last words. */
export function exitDiagnosis(child: ChildProcess, doing: string): string {
  const how = child.exit ? exitText(child.exit) : "is gone";
  const fault = faultOf(child);
  const telling = child.stderrLines(STDERR_LOOK_BACK).filter((line) => !NOISE.test(line));
  const last = telling.slice(-STDERR_LINES).map((line) => line.trim());
  const said = last.length === 0 ? "it wrote nothing to stderr" : `last on stderr: ${last.join(" | ")}`;
  return `the process ${how} while ${doing}; ${fault ? `${fault.why}; ` : ""}${said}`;
}

/** `env` in a first line runs and fails by itself, so that a missing interpreter looks like an exit. */
function faultOf({ exit, request }: ChildProcess): ProgramFault | undefined {
  return exit === undefined || exit.code === null ? undefined : exitFault(request, exit.code);
}

/** The first line of a program that names an interpreter which cannot run it, in quotes. */
export function faultyLine(program: SpawnRequest): string | undefined {
  return programFault(program) && firstLine(program);
}

function firstLine(program: SpawnRequest): string {
  const script = scriptOf(program);
  return quoted(script?.lines[0] ?? program.command);
}

/**
 * Returns the cause of the end of a process that ended while it started, as far as its program's files, its last words
 * and its script tell.
 */
export function startClue(child: ChildProcess): Clue | undefined {
  const fault = faultOf(child);
  if (fault) return { hint: fault.hint, evidence: firstLine(child.request) };
  const lines = child.stderrLines(STDERR_LOOK_BACK);
  const clue = clueIn(lines, child.request);
  const silently = child.exit?.code === 0 && lines.every((line) => NOISE.test(line));
  return clue ?? (silently ? endedClue(child.request) : undefined);
}

const TAKEN_DOWN_REMEDY =
  "Answer within the deadline and keep reading standard input: do slow work in the background.";

/** Returns how a process ended, and the remedy. `takenDown` is the host's reason when the host ended the process. */
export function fallReport(
  child: ChildProcess,
  doing: string,
  takenDown: string | undefined,
): { reason: string; hint: string; evidence?: string } {
  const reason = exitDiagnosis(child, doing);
  if (takenDown === undefined) {
    const clue = child.exit?.signal == null ? crashClue(child) : undefined;
    const { hint = exitRemedy(child), evidence } = clue ?? {};
    return { reason, hint, ...(evidence === undefined ? {} : { evidence }) };
  }
  return { reason: `${takenDown}; ${reason}`, hint: TAKEN_DOWN_REMEDY };
}

/** The line of its own code that a crashed process names, or that ends it. */
function crashClue(child: ChildProcess): Clue | undefined {
  if (faultOf(child)) return undefined;
  const lines = child.stderrLines(STDERR_LOOK_BACK);
  return (
    clueIn(lines, child.request) ??
    (lines.every((line) => NOISE.test(line)) ? exitLine(child.request) : undefined)
  );
}

/** Returns the remedy for a process that ended by itself. */
function exitRemedy(child: ChildProcess): string {
  const { exit } = child;
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
        ? (faultOf(child)?.hint ?? "An extension runs until the host says shutdown: look for what ends it.")
        : (faultOf(child)?.hint ??
            "Correct what its last words say, or start its command by hand in its folder.");
    default:
      return "Its runtime or native code failed: update it, or report the last words to its author.";
  }
}
