import { keptByName } from "./remembered.js";

/** Where text came from, as far as it matters once a shell runs it. */
export type Origin = "literal" | "network" | "decoded" | "other";

/** Text as the shell would see it. `dynamic` means that some of it (written as `$NAME`) is not known. */
export interface Value {
  readonly text: string;
  readonly dynamic: boolean;
  readonly origin: Origin;
  /** For a list of file names that nobody can see: paths that stand for its entries, such as `./*` for all and `./$item` for some. */
  readonly items?: readonly string[];
  /** A file name pattern that the shell would replace by names. */
  readonly glob?: boolean;
  /** What it was read from, as far as a rule may ask: paths of files, or a mark of `sources.ts`. */
  readonly sources?: readonly string[];
}

/** One word of a command after expansion. */
export interface Field extends Value {
  readonly glob: boolean;
  /** What reading it as a file yields: the output of `<(...)`. */
  readonly content?: Value;
}

export interface Redirection {
  readonly writes: boolean;
  readonly appends: boolean;
  /** It takes what the command prints, not its errors. */
  readonly isOutput: boolean;
  readonly target: Field;
}

/** Which machine a command runs on. Paths of another machine are judged more mildly, its data is not. */
export type Machine = "here" | "remote" | "container";

/** One simple command: every program that would start, with wrappers such as `sudo` reported on their own. */
export interface Invocation {
  /** Base name of the program. */
  readonly name: string;
  readonly command: Field;
  readonly args: readonly Field[];
  readonly redirections: readonly Redirection[];
  readonly input: Value;
  readonly cwd: string;
  /** The folder instead of `cwd` if a `cd` before failed, where nothing keeps the script from going on then. */
  readonly otherCwd?: string | undefined;
  readonly machine: Machine;
  /** Folders of a fresh container that outlive it. Undefined where nobody can tell. */
  readonly kept?: readonly string[] | undefined;
  /** Variables that are set for this command alone, as `NAME=value`. */
  readonly assigns?: readonly Field[];
  /** The part of the source to show to a person. */
  readonly text: string;
}

/** A fact that the walk itself found, by rule id. */
export interface Sighting {
  readonly rule: string;
  readonly text: string;
  readonly why: string;
}

export const UNKNOWN: Value = Object.freeze({ text: "", dynamic: true, origin: "other" });
/** Standard input of a command that nobody redirected: whoever holds the terminal types it. */
export const TERMINAL: Value = Object.freeze({ text: "", dynamic: true, origin: "other" });
export const EMPTY: Value = Object.freeze({ text: "", dynamic: false, origin: "literal" });

export const literal = (text: string): Field => ({ text, dynamic: false, origin: "literal", glob: false });

export const dynamic = (text: string): Field => ({ text, dynamic: true, origin: "other", glob: false });

const WEIGHT: Record<Origin, number> = { literal: 0, other: 1, decoded: 2, network: 3 };

/** The origin that deserves more care. */
export const worse = (left: Origin, right: Origin): Origin => (WEIGHT[left] >= WEIGHT[right] ? left : right);

/** Characters kept of a computed value: variables that double themselves must not fill the memory. */
const MAX_VALUE = 50_000;

export const bounded = (text: string): string => (text.length > MAX_VALUE ? text.slice(0, MAX_VALUE) : text);

/** Two texts in a row. A full one is left alone: cutting it again and again would take quadratic time. */
export const concat = (left: string, right: string): string =>
  left.length >= MAX_VALUE ? left : bounded(left + right);

const MAX_SOURCES = 16;
const NO_SOURCES: Pick<Value, "sources"> = Object.freeze({});

/** Where several values were read from, ready to be spread into a new value. */
export function sourcesOfAll(values: readonly (Value | undefined)[]): Pick<Value, "sources"> {
  if (!values.some((value) => value?.sources !== undefined)) return NO_SOURCES;
  const all = [...new Set(values.flatMap((value) => value?.sources ?? []))];
  return all.length > 0 ? { sources: all.slice(0, MAX_SOURCES) } : NO_SOURCES;
}

/** One value after the other, as two commands write to one output. */
export function join(left: Value, right: Value): Value {
  if (left.text === "" && !left.dynamic) return right;
  return {
    text: concat(left.text, right.text),
    dynamic: left.dynamic || right.dynamic,
    origin: worse(left.origin, right.origin),
    ...(left.items || right.items ? { items: [...(left.items ?? []), ...(right.items ?? [])] } : {}),
    ...sourcesOfAll([left, right]),
  };
}

/** The word that stands for an entry of an unseen list. */
export const itemField = (text: string): Field => ({
  ...dynamic(text),
  glob: /(?:^|\/)\*$|^\$listed/.test(text),
});

/** The words of a command as one line, the way `eval` and `ssh` join them. */
export function joinWords(fields: readonly Field[]): Value {
  return {
    text: bounded(fields.map((field) => field.text).join(" ")),
    dynamic: fields.some((field) => field.dynamic),
    origin: fields.reduce<Origin>((origin, field) => worse(origin, field.origin), "literal"),
    ...sourcesOfAll(fields),
  };
}

/** File name part of a command word, without `.exe`. */
export const baseName: (path: string) => string = keptByName((path) =>
  path.slice(path.lastIndexOf("/") + 1).replace(/\.exe$/i, ""),
);
