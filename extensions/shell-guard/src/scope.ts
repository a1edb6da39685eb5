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
  /** Folders that this command line makes, by their absolute path. */
  readonly made: Set<string>;
  /** Files that this command line wrote or fetched, by their absolute path. */
  readonly files: Map<string, Value>;
  positional: readonly Field[] | undefined;
  /** Names of the functions being run, to see recursion. */
  readonly running: readonly string[];
  cwd: string;
  /** The folder that the shell is still in if the last `cd` failed and the script goes on. */
  otherCwd: string | undefined;
  /** `set -e`: the script ends where a command fails. */
  endsOnFailure: boolean;
}

export const createScope = (cwd: string): Scope => ({
  variables: new Map(),
  functions: new Map(),
  called: new Set(),
  aliases: new Map(),
  made: new Set(),
  files: new Map(),
  positional: undefined,
  running: [],
  cwd,
  otherCwd: undefined,
  endsOnFailure: false,
});

/** A copy whose changes stay inside, as in a subshell. Written files stay shared: they are on disk. */
export const forkScope = (scope: Scope, changes: Partial<Scope> = {}): Scope => ({
  ...scope,
  variables: new Map(scope.variables),
  functions: new Map(scope.functions),
  aliases: new Map(scope.aliases),
  ...changes,
});
