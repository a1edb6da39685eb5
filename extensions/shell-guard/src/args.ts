import type { Field } from "./model.js";
import { lastKept } from "./remembered.js";

/** The arguments of a command, sorted into flags, their values, and operands. */
export interface Args {
  /** `-r`, `-f`, `--force`: clusters are taken apart. */
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, Field>;
  readonly operands: readonly Field[];
}

/** Reads arguments the usual way. `valued` names the flags that take the next word as their value. */
export function readArgs(args: readonly Field[], valued: readonly string[] = NONE): Args {
  return valued.length === 0 ? plain(args) : read(args, valued);
}

const NONE: readonly string[] = [];
const plain = lastKept((args: readonly Field[]) => read(args, NONE));

function read(args: readonly Field[], valued: readonly string[]): Args {
  const flags = new Set<string>();
  const values = new Map<string, Field>();
  const operands: Field[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const field = args[index];
    if (!field) break;
    const { text } = field;
    if (text === "--") {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (!text.startsWith("-") || text === "-") {
      operands.push(field);
      continue;
    }
    const taken = text.startsWith("--") ? readLong(field) : readShort(field, valued);
    for (const flag of taken.flags) flags.add(flag);
    const last = taken.flags[taken.flags.length - 1] ?? "";
    if (taken.value) values.set(last, taken.value);
    else if (valued.includes(last)) {
      index += 1;
      const value = args[index];
      if (value) values.set(last, value);
    }
  }
  return { flags, values, operands };
}

interface Taken {
  flags: string[];
  value?: Field;
}

function readLong(field: Field): Taken {
  const equals = field.text.indexOf("=");
  if (equals < 0) return { flags: [field.text] };
  return { flags: [field.text.slice(0, equals)], value: { ...field, text: field.text.slice(equals + 1) } };
}

function readShort(field: Field, valued: readonly string[]): Taken {
  const flags: string[] = [];
  for (let index = 1; index < field.text.length; index += 1) {
    const flag = `-${field.text[index]}`;
    flags.push(flag);
    const rest = field.text.slice(index + 1);
    if (valued.includes(flag) && rest !== "") return { flags, value: { ...field, text: rest } };
  }
  return { flags };
}

/** Whether one of the flags is given. */
export const has = (args: Args, ...names: string[]): boolean => names.some((name) => args.flags.has(name));

/** The words of the arguments as plain texts. */
export const texts: (fields: readonly Field[]) => readonly string[] = lastKept((fields) =>
  fields.map((field) => field.text),
);
