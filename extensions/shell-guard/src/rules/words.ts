import { texts } from "../args.js";
import type { Field, Invocation } from "../model.js";
import { keptByName, lastKept } from "../remembered.js";
import type { Rule } from "./rule.js";

/**
 * One line of a table: commands, and what is lost with them.
 *
 * A command is `program word word -flag !-flag`; `;` separates several. `|` separates alternatives, `*` is anything within a
 * word, `^a|b` is a word but these, `...` is any words. Words have to come in this order at the start, flags may stand anywhere;
 * `-f` is also found in `-rf`, `--replicas=0` also in `--replicas 0`. A flag behind `!` must not be there.
 */
export type Row = readonly [commands: string, loss: string];

interface Shape {
  readonly words: readonly Step[];
  readonly flags: readonly (readonly string[])[];
  readonly never: readonly string[];
  readonly loss: string;
}

/** One step of a command: words that fit, or all but these, or any number of words. */
interface Step {
  readonly kind: "is" | "is not" | "any";
  readonly pattern: RegExp;
}

/** The commands of a table by the name of their program. */
type Table = (name: string) => readonly Shape[];

/** A rule whose commands stand in a table. What only shows what it would do, passes. */
export function tableRule(rule: Omit<Rule, "match">, rows: readonly Row[]): Rule {
  const table = compile(rows);
  return {
    ...rule,
    isAbout: (name) => table(name).length > 0,
    match(invocation) {
      const loss = find(table, invocation);
      return loss === undefined || isTrial(invocation.args) ? undefined : loss;
    },
  };
}

/** A function that says what is lost with a command, for rules that look at more than their table. */
export function lossIn(rows: readonly Row[]): (invocation: Invocation) => string | undefined {
  const table = compile(rows);
  return (invocation) => find(table, invocation);
}

/** True if a command only shows what it would do. */
export const isTrial = lastKept((args: readonly Field[]): boolean =>
  args.some(
    ({ text }, index) =>
      text.startsWith("-") &&
      (/^(?:--dry-?run(?:=(?!none|false).*)?|--dryrun|--just-print|--noop|--simulate|--whatif|--help)$/i.test(
        text,
      ) ||
        (text === "-h" && index === args.length - 1)),
  ),
);

function compile(rows: readonly Row[]): Table {
  const named = new Map<string, Shape[]>();
  const patterned: [RegExp, Shape][] = [];
  for (const [commands, loss] of rows) {
    for (const command of commands.split(" ; ")) {
      const [programs = "", ...rest] = command.trim().split(/\s+/);
      const shape: Shape = {
        words: rest.filter((word) => !/^!?-/.test(word)).map(stepOf),
        flags: rest.filter((word) => word.startsWith("-")).map((word) => word.split("|")),
        never: rest.filter((word) => word.startsWith("!")).flatMap((word) => word.slice(1).split("|")),
        loss,
      };
      for (const program of programs.split("|")) {
        if (program.includes("*")) patterned.push([wordPattern(program), shape]);
        else named.set(program, [...(named.get(program) ?? []), shape]);
      }
    }
  }
  return keptByName((name) => [
    ...(named.get(name) ?? []),
    ...patterned.filter(([pattern]) => pattern.test(name)).map(([, shape]) => shape),
  ]);
}

function stepOf(word: string): Step {
  if (word === "...") return { kind: "any", pattern: /^/ };
  return word.startsWith("^")
    ? { kind: "is not", pattern: wordPattern(word.slice(1)) }
    : { kind: "is", pattern: wordPattern(word) };
}

/** Each star stands for one run of characters, so that no text fits in more ways than it has letters. */
function wordPattern(word: string): RegExp {
  const alternatives = word
    .split("|")
    .map((text) => text.replace(/[.+?^${}()[\]\\]/g, "\\$&").replace(/\*+/g, "[^]*"));
  return new RegExp(`^(?:${alternatives.join("|")})$`, "i");
}

function find(table: Table, { name, args }: Invocation): string | undefined {
  const shapes = table(name);
  if (shapes.length === 0) return undefined;
  const words = texts(args);
  return shapes.find((shape) => fits(shape, words))?.loss;
}

const fits = (shape: Shape, words: readonly string[]): boolean =>
  shape.flags.every((flags) => flags.some((flag) => hasFlag(words, flag))) &&
  !shape.never.some((flag) => hasFlag(words, flag)) &&
  hasWords(shape.words, words);

/** Looks for the words of a command. A word behind a flag may be its value, so it may be passed over. */
function hasWords(steps: readonly Step[], words: readonly string[]): boolean {
  let places = reach(steps, new Set([0]));
  for (let index = 0; index < words.length && !places.has(steps.length); index += 1) {
    const word = words[index] ?? "";
    if (word.startsWith("-") && word !== "-") continue;
    const next = new Set<number>();
    for (const at of places) {
      const step = steps[at];
      if (!step) continue;
      const perhaps = isPerhapsValue(words[index - 1]);
      const fitting = word.split(",").some((part) => step.pattern.test(part));
      if (step.kind === "any") next.add(at);
      else if (step.kind === "is" && fitting) next.add(at + 1);
      else if (step.kind === "is not" && !fitting && !perhaps) next.add(at + 1);
      if (perhaps && !(step.kind === "is not" && fitting)) next.add(at);
    }
    places = reach(steps, next);
  }
  return places.has(steps.length);
}

/** Any words may be none, so a place before them is one behind them as well. */
function reach(steps: readonly Step[], places: Set<number>): Set<number> {
  for (const at of places) if (steps[at]?.kind === "any") places.add(at + 1);
  return places;
}

const isPerhapsValue = (before: string | undefined): boolean =>
  before !== undefined && /^-./.test(before) && !before.includes("=") && before !== "--";

/** True if a flag is given: alone, with its value, or among other letters. */
function hasFlag(words: readonly string[], flag: string): boolean {
  const equals = flag.indexOf("=");
  if (equals > 0) {
    const [name, value] = [flag.slice(0, equals), flag.slice(equals + 1)];
    return words.some((word, index) => word === flag || (word === name && words[index + 1] === value));
  }
  const letter = /^-(\w)$/.exec(flag)?.[1];
  return words.some(
    (word) =>
      word === flag ||
      (word.startsWith(`${flag}=`) && !word.endsWith("=false")) ||
      (letter !== undefined && /^-[a-zA-Z]{2,6}$/.test(word) && word.includes(letter)),
  );
}
