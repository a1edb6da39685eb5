import { runBuiltin } from "./builtins.js";
import { EMPTY, baseName, dynamic, sourcesOfAll, type Field, type Redirection, type Value } from "./model.js";
import { nestedScripts } from "./nested.js";
import { outputOf } from "./output.js";
import { resolvePath } from "@synaps/guards/paths";
import { runsItsInput, snippetsOf } from "./snippets.js";
import { sourcesRead } from "./sources.js";
import { runText, type Walk } from "./walk.js";
import { unwrap } from "./wrappers.js";

/** A program with its words, after expansion. */
export interface Program {
  readonly words: readonly Field[];
  readonly redirections: readonly Redirection[];
  readonly assigns?: readonly Field[];
  readonly text: string;
}

const MAX_WRAPPERS = 12;
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
export function runProgram(program: Program, walk: Walk): Value {
  let { words } = program;
  let place = walk;
  for (let layer = 0; layer < MAX_WRAPPERS; layer += 1) {
    const [command, ...args] = words;
    if (!command) return EMPTY;
    const name = programName(command);
    const redirections = layer === 0 ? program.redirections : [];
    const cwd = place.scope.cwd;
    report(
      {
        name,
        command,
        args,
        redirections,
        input: place.input,
        cwd,
        machine: place.machine,
        ...(layer === 0 && program.assigns ? { assigns: program.assigns } : {}),
        text: program.text,
      },
      place,
    );
    const inner = unwrap(name, args, place);
    if (!inner) return runNamed(name, command, args, program, place);
    words = inner.words;
    place = { ...place, ...inner.changes };
    if (inner.also) for (const script of inner.also) runScript(script, program.text, place);
  }
  place.report.exhausted = true;
  return EMPTY;
}

function runNamed(name: string, command: Field, args: readonly Field[], program: Program, walk: Walk): Value {
  runBuiltin(name, args, walk);
  for (const nested of nestedScripts(name, args, walk)) {
    runScript(nested.script, program.text, { ...walk, ...nested.changes });
  }
  for (const snippet of snippetsOf(name, args, walk)) {
    if ("shell" in snippet) runScript({ ...EMPTY, text: snippet.shell }, program.text, walk);
    else
      runProgram(
        { words: snippet.words, redirections: snippet.redirections, text: program.text },
        { ...walk, depth: walk.depth + 1 },
      );
  }
  if (walk.input.origin === "network" && runsItsInput(name, args))
    flagRemote(program.text, "it runs what a server sends, unseen", walk);
  if (isDownloaded(command, walk))
    flagRemote(program.text, "it runs a file that the same command line downloaded", walk);
  return {
    ...outputOf(name, args, walk),
    ...sourcesOfAll([{ ...EMPTY, sources: sourcesRead(name, args, walk) }]),
  };
}

/** Walks text that a shell is given. Text nobody can see is reported by where it came from. */
export function runScript(script: Value, text: string, walk: Walk): void {
  if (script.origin === "network") flagRemote(text, "it runs what a server sends, unseen", walk);
  else if (script.origin === "decoded" && script.dynamic) {
    const why = "it runs text that is decoded first, so nobody can read it";
    walk.report.sightings.push({ rule: "opaque-script", text: walk.pipeline ?? text, why });
  }
  if (script.text.trim() !== "" && script.text !== walk.source) runText(script.text, walk);
}

function flagRemote(text: string, why: string, walk: Walk): void {
  walk.report.sightings.push({ rule: "remote-script", text: walk.pipeline ?? text, why });
}

const isDownloaded = (command: Field, walk: Walk): boolean =>
  walk.scope.downloads.has(resolvePath(command.text, walk.scope.cwd, null));

function programName(command: Field): string {
  const name = baseName(command.text);
  if (!command.glob) return name;
  const pattern = new RegExp(
    `^${name
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

function report(invocation: Walk["report"]["invocations"][number], walk: Walk): void {
  const { name, command, args } = invocation;
  walk.report.invocations.push(invocation);
  // A program whose name is unknown but whose words look like a delete is judged as one.
  const looksLikeDelete =
    command.dynamic &&
    /^[$`]/.test(name) &&
    args.some((arg) => /^-(?=.*[rR])(?=.*f)[dfirRvI]{2,5}$/.test(arg.text));
  if (looksLikeDelete) walk.report.invocations.push({ ...invocation, name: "rm", command: dynamic("rm") });
}
