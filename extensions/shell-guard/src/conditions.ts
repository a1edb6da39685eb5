import type { AndOr, CommandNode, CompoundList, PipelineNode } from "unbash";
import { EMPTY, join, type Value } from "./model.js";
import { walkNode, walkScript, type Walk } from "./walk.js";

/** Commands that leave the script or the loop, so that what follows does not run. */
const LEAVES = /^(?:exit|return|die|fail|abort|break|continue|exec|false|error|bail|fatal)$/;

/**
 * Walks `a && b || c`. Behind `&&` a change of folder has worked, and so it has behind `||` with a command that leaves the
 * script. Elsewhere the script goes on in the folder before.
 */
export function walkAndOr(node: AndOr, walk: Walk): Value {
  let output = EMPTY;
  let other = walk.scope.otherCwd;
  node.commands.forEach((command, index) => {
    const operator = node.operators[index - 1];
    if (operator === "&&") {
      // Of the list before, nothing failed here; the folder of a failure counts again behind the list.
      other = walk.scope.otherCwd ?? other;
      if (startsWithChange(node, index)) walk.scope.otherCwd = undefined;
    }
    if (operator === "||") other = walk.scope.otherCwd ?? other;
    output = join(output, walkNode(command, walk));
    if (operator === "||" && leavesScript(command)) other = walk.scope.otherCwd = undefined;
  });
  walk.scope.otherCwd ??= other;
  return output;
}

const startsWithChange = ({ commands }: AndOr, index: number): boolean =>
  commands.slice(0, index).some(changesFolder);

const nameOf = (node: CommandNode | PipelineNode): string | undefined =>
  node.type === "Command" ? node.name?.value : undefined;

const changesFolder = (node: PipelineNode | CommandNode): boolean =>
  /^(?:cd|pushd|chdir)$/.test(nameOf(node) ?? "");

/** True if a command ends the script, alone or as the last one of a group. */
export function leavesScript(node: PipelineNode): boolean {
  if (node.type === "BraceGroup") return listLeaves(node.body);
  return LEAVES.test(nameOf(node) ?? "");
}

function listLeaves({ commands }: CompoundList): boolean {
  const last = commands[commands.length - 1]?.command;
  if (!last) return false;
  return last.type === "AndOr" ? last.commands.some(leavesScript) : leavesScript(last);
}

/** Walks `if cd x; then ...`: in the branch the change of folder has worked; `if ! cd x; then exit; fi` makes sure of it. */
export function walkIf(node: Extract<CommandNode, { type: "If" }>, walk: Walk): Value {
  const parts = [
    node.clause,
    node.then,
    ...node.elif.flatMap((branch) => [branch.clause, branch.then]),
    node.else,
  ];
  const before = walk.scope.otherCwd;
  let output = EMPTY;
  let after = before;
  parts.forEach((list, index) => {
    if (!list) return;
    output = join(output, walkScript(list, walk));
    if (index === 0) {
      after = walk.scope.otherCwd;
      walk.scope.otherCwd = before;
    }
  });
  walk.scope.otherCwd = listLeaves(node.then) ? before : (walk.scope.otherCwd ?? after);
  return output;
}
