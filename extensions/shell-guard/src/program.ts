import { runBuiltin } from "./builtins.js";
import { inOwnFile, runsItsInput, runsRemoteCode } from "./launch/code.js";
import { onThisMachine } from "./launch/containers.js";
import { isHelp, launchesOf } from "./launch/index.js";
import type { Launch } from "./launch/launch.js";
import { startsInterpreter } from "./interactive.js";
import {
  EMPTY,
  baseName,
  dynamic,
  join,
  sourcesOfAll,
  type Field,
  type Invocation,
  type Redirection,
  type Value,
} from "./model.js";
import { outputOf } from "./output.js";
import { copiedFrom, sourcesRead } from "./sources.js";
import { runText, type Walk } from "./walk.js";

/** A program with its words, after expansion. */
export interface Program {
  readonly words: readonly Field[];
  readonly redirections: readonly Redirection[];
  readonly assigns?: readonly Field[];
  readonly text: string;
}

/** Programs that start programs, in a row. More of them are a question. */
const MAX_CHAIN = 24;
/** Programs that a pattern in command position, such as `/bin/r?`, is tried against. */
const PATTERN_TARGETS = [
  "rm",
  "dd",
  "sh",
  "bash",
  "shred",
  "chmod",
  "chown",
  "mkfs",
  "mv",
  "find",
  "sudo",
  "curl",
];

/** Reports a program and all programs that it starts, and returns what it prints. */
export function runProgram(program: Program, walk: Walk, chain = 0): Value {
  const [command, ...args] = program.words;
  if (!command) return EMPTY;
  walk.report.programs += 1;
  if (chain > MAX_CHAIN || walk.report.programs > MAX_PROGRAMS) {
    walk.report.exhausted = true;
    return EMPTY;
  }
  const name = programName(command);
  const launches = launchesOf(name, args, walk);
  if (launches.list.length === 0 && isHelp(name, args)) return EMPTY;
  report({ ...program, name, command, args: args.map((arg) => withOrigin(arg, walk)) }, walk);
  runBuiltin(name, args, walk);
  const outputs = launches.list.map((launch) => startLaunch(launch, program.text, walk, chain));
  runOwnFile(command, args, program.text, walk, chain);
  const isRemote = walk.input.origin === "network" && runsItsInput(name, args);
  if (isRemote || runsRemoteCode(name, args, walk.input))
    flagRemote(program.text, "it runs what a server sends, unseen", walk);
  const output =
    launches.isTransparent && outputs.length > 0 ? outputs.reduce(join, EMPTY) : outputOf(name, args, walk);
  return { ...output, ...sourcesOfAll([output, { ...EMPTY, sources: sourcesRead(name, args, walk) }]) };
}

/** A word that names a file says where its content came from, if the same command line made it. */
function withOrigin(arg: Field, { scope }: Walk): Field {
  const sources = copiedFrom(arg.text, scope);
  return sources ? { ...arg, ...sourcesOfAll([arg, { ...EMPTY, sources }]) } : arg;
}

/** Programs and texts of one command that are looked at. */
const MAX_PROGRAMS = 1_000;

/** Walks one thing that a program starts, and returns what it prints. `chain` counts the programs above it. */
export function startLaunch(
  { words, script, redirections = [], changes }: Launch,
  text: string,
  walk: Walk,
  chain: number,
): Value {
  const inner = { ...walk, ...changes };
  return script
    ? runScript(script, text, inner)
    : runProgram({ words: words ?? [], redirections, text }, inner, chain + 1);
}

/** A file that this command line wrote or downloaded runs as what it holds. */
function runOwnFile(command: Field, args: readonly Field[], text: string, walk: Walk, chain: number): void {
  const own = inOwnFile(command, args, walk);
  if (!own) return;
  if (own.content.origin === "network")
    flagRemote(text, "it runs a file that the same command line downloaded", walk);
  for (const launch of own.list) startLaunch(launch, text, walk, chain);
}

/** Walks text that a shell is given, and returns what it prints. Text nobody can see is reported by where it came from. */
export function runScript(script: Value, text: string, walk: Walk): Value {
  if (script.origin === "network") flagRemote(text, "it runs what a server sends, unseen", walk);
  else if (script.origin === "decoded" && script.dynamic) {
    const why = "it runs text that is decoded first, so nobody can read it";
    walk.report.sightings.push({ rule: "opaque-script", text: walk.pipeline ?? text, why });
  }
  if (script.text.trim() === "") return EMPTY;
  return runText(script.text, walk);
}

function flagRemote(text: string, why: string, walk: Walk): void {
  walk.report.sightings.push({ rule: "remote-script", text: walk.pipeline ?? text, why });
}

function programName(command: Field): string {
  const name = baseName(command.text);
  if (!command.glob) return name;
  const pattern = new RegExp(
    `^${name
      .slice(0, 64)
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replace(/\*+/g, ".*")
      .replace(/\?/g, ".")}$`,
  );
  return safely(() => PATTERN_TARGETS.find((target) => pattern.test(target))) ?? name;
}

function safely<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

type Reported = Program & Pick<Invocation, "name" | "command" | "args">;

function report({ name, command, args, redirections, assigns, text }: Reported, walk: Walk): void {
  const { cwd, otherCwd } = walk.scope;
  const invocation: Invocation = {
    name,
    command,
    args,
    redirections,
    input: walk.input,
    cwd,
    otherCwd,
    machine: walk.machine,
    kept: walk.kept,
    ...(assigns ? { assigns } : {}),
    text,
  };
  const { invocations, sightings } = walk.report;
  invocations.push(invocation);
  const here = onThisMachine(invocation, walk.mounts ?? []);
  if (here) invocations.push(here);
  if (startsInterpreter(invocation))
    sightings.push({
      rule: "interactive",
      text,
      why: `'${name}' waits for commands that are typed later`,
    });
  // A program whose name is unknown but whose words look like a delete is judged as one.
  const looksLikeDelete =
    command.dynamic &&
    /^[$`]/.test(name) &&
    args.some((arg) => /^-(?=.*[rR])(?=.*f)[dfirRvI]{2,5}$/.test(arg.text));
  if (looksLikeDelete) invocations.push({ ...invocation, name: "rm", command: dynamic("rm") });
}
