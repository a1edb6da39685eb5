import type { Assignment, Command, CommandArgument } from "unbash";
import { keepOutput } from "./files.js";
import { expandText, expandWord } from "./expand.js";
import { EMPTY, UNKNOWN, join, type Field, type Value } from "./model.js";
import { readRedirections } from "./redirections.js";
import { runProgram } from "./program.js";
import { expanderOf, runText, walkNode, type Walk } from "./walk.js";
import { forkScope } from "./scope.js";

/** Words of one command that are looked at; with more, the user is asked. */
const MAX_WORDS = 2_000;

/** Runs one simple command: assignments, aliases and functions, then the program with its words. */
export function runSimple(node: Command, walk: Walk): Value {
  const expander = expanderOf(walk);
  const prefix = node.prefix.filter((part): part is Assignment => part.type === "Assignment");
  const redirected = readRedirections(node.redirects, walk);
  const text = walk.source.slice(node.pos, node.end);
  const input = redirected.input ?? walk.input;
  const assigned = prefix.map((part) => [part, valueOf(part, walk)] as const);

  const alias = node.name && walk.scope.aliases.get(node.name.text);
  if (alias && node.name) {
    const rest = walk.source.slice(node.name.end, node.end);
    const scope = forkScope(walk.scope);
    scope.aliases.delete(node.name.text);
    return runText(alias.text + rest, { ...walk, scope, input });
  }

  const words = [
    ...(node.name ? expandWord(node.name, expander) : []),
    ...node.args.flatMap((arg) => wordsOf(arg, walk)),
  ];
  if (words.length > MAX_WORDS) walk.report.exhausted = true;
  const [command, ...args] = words.slice(0, MAX_WORDS);
  if (!command) {
    for (const [part, value] of assigned) assign(part, value, walk);
    const program = { words: [{ ...EMPTY, glob: false }], redirections: redirected.list, text };
    return redirected.list.length > 0 ? runProgram(program, { ...walk, input }) : EMPTY;
  }
  const shellFunction = walk.scope.functions.get(command.text);
  if (walk.scope.running.includes(command.text)) return recursion(command, text, walk);
  if (shellFunction) {
    const running = [...walk.scope.running, command.text];
    walk.scope.called.add(command.text);
    // What the function sets stays, except its arguments.
    const scope = forkScope(walk.scope, { positional: args, running, variables: walk.scope.variables });
    const output = walkNode(shellFunction.body, { ...walk, source: shellFunction.source, scope, input });
    walk.scope.cwd = scope.cwd;
    walk.scope.otherCwd = scope.otherCwd;
    return keepOutput(redirected.list, output, walk.scope) ? EMPTY : output;
  }
  const assigns = assigned.map(([part, value]) => ({
    ...value,
    glob: false,
    text: `${part.name}=${value.text}`,
  }));
  const output = runProgram(
    { words: [command, ...args], redirections: redirected.list, assigns, text },
    { ...walk, input },
  );
  return keepOutput(redirected.list, output, walk.scope) ? EMPTY : output;
}

function recursion(command: Field, text: string, walk: Walk): Value {
  if (walk.parallel) {
    walk.report.sightings.push({
      rule: "fork-bomb",
      text,
      why: `the function '${command.text}' starts copies of itself`,
    });
  }
  return UNKNOWN;
}

function wordsOf(argument: CommandArgument, walk: Walk): Field[] {
  if (argument.type === "Word") return expandWord(argument, expanderOf(walk));
  const value = valueOf(argument, walk);
  return [{ ...value, glob: false, text: `${argument.name}=${value.text}` }];
}

function valueOf(assignment: Assignment, walk: Walk): Value {
  const expander = expanderOf(walk);
  if (assignment.value.type === "Word") return expandText(assignment.value, expander);
  const fields = assignment.value.elements.flatMap((word) => expandWord(word, expander));
  return fields
    .map((field, index) => (index === 0 ? field : { ...field, text: ` ${field.text}` }))
    .reduce<Value>(join, EMPTY);
}

function assign(assignment: Assignment, value: Value, walk: Walk): void {
  if (assignment.index) expanderOf(walk).sweep(assignment.index);
  const before = assignment.append ? walk.scope.variables.get(assignment.name) : undefined;
  const separator =
    before && assignment.value.type === "ArrayValue" ? { ...before, text: `${before.text} ` } : before;
  walk.scope.variables.set(assignment.name, separator ? join(separator, value) : value);
}
