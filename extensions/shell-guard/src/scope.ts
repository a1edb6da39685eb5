import type { CommandNode, CompoundList } from "unbash";
import type { Field, Value } from "./model.js";

/** A function of the script, with the text that its positions point into. */
export interface ShellFunction {
  readonly body: CommandNode | CompoundList;
  readonly source: string;
}

/** What the shell knows at one point of the script. */
export interface Scope {
  readonly variables: Map<string, Value>;
  readonly functions: Map<string, ShellFunction>;
  /** Functions that ran: the others are looked at in the end. */
  readonly called: Set<string>;
  readonly aliases: Map<string, Value>;
  /** Files that this command line fetched from the network. */
  readonly downloads: Set<string>;
  positional: readonly Field[] | undefined;
  /** Names of the functions being run, to see recursion. */
  readonly running: readonly string[];
  cwd: string;
}

export const createScope = (cwd: string): Scope => ({
  variables: new Map(),
  functions: new Map(),
  called: new Set(),
  aliases: new Map(),
  downloads: new Set(),
  positional: undefined,
  running: [],
  cwd,
});

/** A copy whose changes stay inside, as in a subshell. Downloaded files stay shared: they are on disk. */
export const forkScope = (scope: Scope, changes: Partial<Scope> = {}): Scope => ({
  ...scope,
  variables: new Map(scope.variables),
  functions: new Map(scope.functions),
  aliases: new Map(scope.aliases),
  ...changes,
});
