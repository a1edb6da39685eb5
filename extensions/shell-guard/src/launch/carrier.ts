import type { Field, Machine } from "../model.js";

/** How the words of a program that runs another one are to be read. */
export interface Carrier {
  /** Words that have to come first, alternatives apart: `exec` in `pnpm exec`. Options may stand around them. */
  readonly verbs?: readonly string[];
  /** Letters of the flags that take a value. */
  readonly short?: string;
  /** Long flags that take the next word. */
  readonly long?: readonly string[];
  /** Long flags that stand alone. If given, all other long flags take a value. */
  readonly alone?: readonly string[];
  /** Words of its own before the command: a host, an image, a duration. Default 0. */
  readonly own?: number;
  /** Options may also stand between its own words and the command. */
  readonly mixed?: boolean;
  /** The command stands behind `--` and nowhere else. */
  readonly dashes?: boolean;
  /** Flags behind which the command stands, as behind `--`. */
  readonly starts?: readonly string[];
  /** It runs no words, only the texts of its flags. */
  readonly scriptsOnly?: boolean;
  /** Words such as `A=1` in front of the command belong to it. */
  readonly assigns?: boolean;
  /** Flags whose value is shell text. */
  readonly scripts?: readonly string[];
  /** The words are put together to a text that a shell reads. */
  readonly joined?: boolean;
  /** Every operand is a shell text of its own. */
  readonly texts?: boolean;
  readonly machine?: Machine;
}

/** The words of a carrier, taken apart. */
export interface Carried {
  readonly words: readonly Field[];
  /** Its own words before the command. */
  readonly own: readonly Field[];
  /** Values of its flags, in order. */
  readonly values: readonly (readonly [flag: string, value: Field])[];
  readonly flags: ReadonlySet<string>;
}

/** Reads the words of a carrier. Undefined if a word that has to come first is missing. */
export function readCarrier(args: readonly Field[], carrier: Carrier): Carried | undefined {
  const own: Field[] = [];
  const values: [string, Field][] = [];
  const flags = new Set<string>();
  let wanted = carrier.own ?? 0;
  let isVerbMissing = carrier.verbs !== undefined;
  let index = 0;
  for (; index < args.length; index += 1) {
    const field = args[index];
    if (!field) break;
    const { text } = field;
    if ((text === "--" && !carrier.scriptsOnly) || carrier.starts?.includes(text)) {
      index += 1;
      // What is its own and was not given yet comes first there as well.
      if (!carrier.dashes)
        for (; wanted > 0 && index < args.length; wanted -= 1) own.push(args[index++] as Field);
      return isVerbMissing ? undefined : { words: args.slice(index), own, values, flags };
    }
    if (text.length > 1 && text.startsWith("-")) {
      const { names, value } = readFlag(field, carrier);
      for (const name of names) flags.add(name);
      const last = names[names.length - 1] ?? "";
      if (value === "next") {
        index += 1;
        const next = args[index];
        if (next) values.push([last, next]);
      } else if (value) values.push([last, value]);
      continue;
    }
    if (isVerbMissing) {
      if (!carrier.verbs?.includes(text)) return undefined;
      isVerbMissing = false;
      continue;
    }
    if (carrier.dashes || carrier.scriptsOnly) continue;
    if (carrier.assigns && /^\w+\+?=/.test(text)) continue;
    if (wanted === 0) break;
    own.push(field);
    wanted -= 1;
    if (wanted === 0 && !carrier.mixed && args[index + 1]?.text !== "--") {
      index += 1;
      break;
    }
  }
  return isVerbMissing ? undefined : { words: args.slice(index), own, values, flags };
}

interface ReadFlag {
  readonly names: readonly string[];
  readonly value?: Field | "next";
}

function readFlag(field: Field, { short = "", long = [], alone, scripts = [] }: Carrier): ReadFlag {
  const { text } = field;
  if (text.startsWith("--")) {
    const equals = text.indexOf("=");
    if (equals > 0)
      return { names: [text.slice(0, equals)], value: { ...field, text: text.slice(equals + 1) } };
    const takesNext = alone ? !alone.includes(text) : long.includes(text) || scripts.includes(text);
    return takesNext ? { names: [text], value: "next" } : { names: [text] };
  }
  // Some programs have long flags with one dash, as `-cmd`.
  if (text.length > 2 && (long.includes(text) || scripts.includes(text)))
    return { names: [text], value: "next" };
  const names: string[] = [];
  for (let index = 1; index < text.length; index += 1) {
    const letter = text[index] ?? "";
    names.push(`-${letter}`);
    if (!short.includes(letter) && !scripts.includes(`-${letter}`)) continue;
    const rest = text.slice(index + 1);
    return { names, value: rest === "" ? "next" : { ...field, text: rest.replace(/^=/, "") } };
  }
  return { names };
}
