import {
  forEachChild,
  type CommandNode,
  type CompoundList,
  type ParsedScript,
  type PipelineNode,
  type AndOr,
  type SyntaxNode,
} from "unbash";
import { expandWord } from "./expand.js";
import type { Mount } from "./launch/containers.js";
import type { Launch } from "./launch/launch.js";
import {
  EMPTY,
  TERMINAL,
  UNKNOWN,
  join,
  type Invocation,
  type Machine,
  type Sighting,
  type Value,
} from "./model.js";
import { parseScript } from "./parse.js";
import { keepOutput } from "./files.js";
import { walkAndOr, walkIf } from "./conditions.js";
import { startLaunch } from "./program.js";
import { readRedirections } from "./redirections.js";
import { createScope, forkScope, type Scope } from "./scope.js";
import { runSimple } from "./simple.js";

/** Nesting of scripts inside scripts; deeper is not something a person writes. */
const MAX_DEPTH = 12;
/** Commands looked at before giving up: keeps the worst input below about 100 ms. */
const MAX_STEPS = 500;
const MAX_LOOP_VALUES = 8;
/** Levels of an expression that are looked into for commands. */
const MAX_SWEEP = 400;

/** What one walk has seen. */
export interface Report {
  readonly invocations: Invocation[];
  readonly sightings: Sighting[];
  /** The parser had to guess somewhere. */
  broken: boolean;
  /** A limit was hit: something was not looked at. */
  exhausted: boolean;
  steps: number;
  programs: number;
  /** The folder that the script leaves the shell in. */
  endCwd: string;
}

/** Where the walk is. */
export interface Walk {
  readonly report: Report;
  readonly source: string;
  readonly scope: Scope;
  readonly depth: number;
  readonly machine: Machine;
  readonly input: Value;
  /** The whole pipeline around a command, which says more to a person than its last part. */
  readonly pipeline?: string;
  /** Inside a pipeline or sent to the background: a function that calls itself here multiplies. */
  readonly parallel: boolean;
  /** Folders of this machine that a container sees. */
  readonly mounts?: readonly Mount[];
  /** Folders of a fresh container that outlive it. Undefined where nobody can tell. */
  readonly kept?: readonly string[] | undefined;
}

/** Visits every simple command that a script would start, also inside nested scripts. Never throws. */
export function walkCommand(text: string, cwd: string): Report {
  const walk = createWalk(text, cwd);
  runText(text, walk);
  walk.report.endCwd = walk.scope.cwd;
  return walk.report;
}

/** Visits what code of another language starts, by its known calls. Never throws. */
export function walkCode(launches: readonly Launch[], text: string, cwd: string): Report {
  const walk = createWalk(text, cwd);
  for (const launch of launches) startLaunch(launch, text, walk, 0);
  return walk.report;
}

function createWalk(text: string, cwd: string): Walk {
  const report: Report = {
    invocations: [],
    sightings: [],
    broken: false,
    exhausted: false,
    steps: 0,
    programs: 0,
    endCwd: cwd,
  };
  const scope = createScope(cwd);
  return {
    report,
    source: text,
    scope,
    depth: 0,
    machine: "here",
    input: TERMINAL,
    parallel: false,
  };
}

/** Walks shell text found inside a command, one level deeper, and returns what it would print. */
export function runText(text: string, walk: Walk): Value {
  if (walk.depth >= MAX_DEPTH) {
    walk.report.exhausted = true;
    return UNKNOWN;
  }
  const parsed = parseScript(text);
  if (parsed.broken) walk.report.broken = true;
  const inner = { ...walk, source: parsed.source, depth: walk.depth + 1 };
  const output = walkScript(parsed.script, inner);
  if (walk.scope.running.length === 0) walkUncalled(inner);
  return output;
}

/** A function nobody called here may be called later: its body counts once, with unknown arguments. */
function walkUncalled(walk: Walk): void {
  for (const [name, shellFunction] of walk.scope.functions) {
    if (walk.scope.called.has(name)) continue;
    walk.scope.called.add(name);
    const scope = forkScope(walk.scope, { running: [name] });
    walkNode(shellFunction.body, { ...walk, source: shellFunction.source, scope });
  }
}

export function walkScript(script: ParsedScript | CompoundList, walk: Walk): Value {
  if ("errors" in script && (script.errors?.length ?? 0) > 0) walk.report.broken = true;
  let output = EMPTY;
  for (const statement of script.commands) {
    const inner = statement.background ? { ...walk, parallel: true } : walk;
    output = join(output, walkNode(statement.command, inner));
  }
  return output;
}

export function walkNode(node: CommandNode | PipelineNode | AndOr | CompoundList, walk: Walk): Value {
  walk.report.steps += 1;
  if (walk.report.steps > MAX_STEPS) {
    walk.report.exhausted = true;
    return UNKNOWN;
  }
  switch (node.type) {
    case "Command":
      return runSimple(node, walk);
    case "CompoundList":
      return walkScript(node, walk);
    case "AndOr":
      return walkAndOr(node, walk);
    case "Pipeline":
      return walkPipeline(node, walk);
    case "Redirected": {
      const redirected = readRedirections(node.redirects, walk);
      const input = redirected.input ?? walk.input;
      if (redirected.list.length > 0) reportWrites(walk, node.pos, node.end, redirected.list);
      const output = walkNode(node.command, { ...walk, input });
      return keepOutput(redirected.list, output, walk.scope) ? EMPTY : output;
    }
    case "Subshell":
      return walkScript(node.body, { ...walk, scope: forkScope(walk.scope) });
    case "BraceGroup":
      return walkScript(node.body, walk);
    case "Function":
      walk.scope.functions.set(node.name.value, { body: node.body, source: walk.source });
      return EMPTY;
    case "Coproc":
      return walkNode(node.body, { ...walk, parallel: true });
    default:
      return walkCompound(node, walk);
  }
}

function walkPipeline(node: Extract<PipelineNode, { type: "Pipeline" }>, walk: Walk): Value {
  const parallel = walk.parallel || node.commands.length > 1;
  const pipeline = walk.source.slice(node.pos, node.end);
  return node.commands.reduce(
    (input, command) => walkNode(command, { ...walk, input, parallel, pipeline }),
    walk.input,
  );
}

function walkCompound(
  node: Exclude<
    CommandNode,
    { type: "Command" | "Redirected" | "Subshell" | "BraceGroup" | "Function" | "Coproc" }
  >,
  walk: Walk,
): Value {
  switch (node.type) {
    case "If":
      return walkIf(node, walk);
    case "While":
      return join(walkScript(node.clause, walk), walkScript(node.body, walk));
    case "For":
    case "Select":
      return walkLoop(node.name.value, node.wordlist, node.body, walk);
    case "Case":
      sweep(node.word, walk);
      return node.items.map((item) => walkScript(item.body, walk)).reduce(join, EMPTY);
    case "ArithmeticFor":
      for (const part of [node.initialize, node.test, node.update]) if (part) sweep(part, walk);
      return walkScript(node.body, walk);
    default:
      sweep(node, walk);
      return EMPTY;
  }
}

function walkLoop(
  name: string,
  words: readonly Parameters<typeof expandWord>[0][] | undefined,
  body: CompoundList,
  walk: Walk,
): Value {
  // Without words, the loop goes over the arguments.
  const fields = words?.flatMap((word) => expandWord(word, expanderOf(walk))) ??
    walk.scope.positional ?? [UNKNOWN];
  let output = EMPTY;
  for (const field of fields.slice(0, MAX_LOOP_VALUES)) {
    // Each file that a pattern matches keeps its folder: the pattern itself can stand for it.
    if (field !== UNKNOWN) walk.scope.variables.set(name, field);
    output = join(output, walkScript(body, walk));
  }
  if (fields.length > MAX_LOOP_VALUES) {
    const rest = fields.slice(MAX_LOOP_VALUES);
    const risky = rest.find((field) => /^(?:[/~]|\.\.)/.test(field.text)) ?? rest[0];
    if (risky) walk.scope.variables.set(name, risky);
    walkScript(body, walk);
  }
  return output;
}

/** Runs the substitutions inside a node that is not itself a command, such as `[[ ... ]]`. */
function sweep(node: SyntaxNode, walk: Walk, depth = 0): void {
  if (depth > MAX_SWEEP) {
    walk.report.exhausted = true;
    return;
  }
  if (node.type === "ArithmeticExpansion" || node.type === "ArithmeticCommand") sweepVariables(node, walk);
  if (
    node.type === "CommandExpansion" ||
    node.type === "ProcessSubstitution" ||
    node.type === "ArithmeticCommandExpansion"
  ) {
    substitute(node.script, walk);
    return;
  }
  forEachChild(node, (child) => sweep(child, walk, depth + 1));
}

/** Arithmetic evaluates the text of its variables, and an index in it such as `a[$(cmd)]` runs a command. */
function sweepVariables(node: SyntaxNode, walk: Walk): void {
  const names = new Set(
    walk.source
      .slice(node.pos, node.end)
      .match(/[A-Za-z_]\w*/g)
      ?.slice(0, 20),
  );
  for (const name of names) {
    const value = walk.scope.variables.get(name);
    if (value && /\[.*(?:\$\(|`)/s.test(value.text)) runText(`: "${value.text.replaceAll('"', "")}"`, walk);
  }
}

/** The output of `$(...)`. Its commands run in a subshell, so its variables are lost. */
export function substitute(script: ParsedScript | undefined, walk: Walk): Value {
  walk.report.steps += 1;
  if (!script || walk.depth >= MAX_DEPTH || walk.report.steps > MAX_STEPS) {
    if (script) walk.report.exhausted = true;
    return UNKNOWN;
  }
  const scope = forkScope(walk.scope);
  return walkScript(script, { ...walk, scope, source: script.source ?? walk.source, depth: walk.depth + 1 });
}

export const expanderOf = (walk: Walk) => ({
  scope: walk.scope,
  substitute: (script: ParsedScript | undefined) => substitute(script, walk),
  sweep: (part: SyntaxNode) => sweep(part, walk),
});

function reportWrites(walk: Walk, pos: number, end: number, redirections: Invocation["redirections"]): void {
  walk.report.invocations.push({
    name: "",
    command: { ...EMPTY, glob: false },
    args: [],
    redirections,
    input: UNKNOWN,
    cwd: walk.scope.cwd,
    otherCwd: walk.scope.otherCwd,
    machine: walk.machine,
    kept: walk.kept,
    text: walk.source.slice(pos, end),
  });
}
