import { didYouMean, unknownKey } from "../did-you-mean.js";
import { Fault, type Path } from "./fault.js";

/** Longest sentence of a declaration, in characters. */
const MAX_SENTENCE = 500;

/** An object of known keys. Throws a Fault for anything else; a misspelt key is told with the one that was meant. */
export function objectWith<T extends string>(
  value: unknown,
  path: Path,
  known: readonly T[],
  required: readonly T[],
): Partial<Record<T, unknown>> {
  const read = recordIn(value, path);
  const unknown = unknownKey(read, known);
  if (unknown !== undefined) throw new Fault(path, unknown);
  const missing = required.find((key) => read[key] === undefined);
  if (missing !== undefined) throw new Fault(path, `'${missing}' is missing`);
  return read as Partial<Record<T, unknown>>;
}

/** An object whose keys are names that the declaration itself chose. */
export function recordIn(value: unknown, path: Path): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Fault(path, `it must be an object, not ${inWords(value)}`);
}

/** A list without repetitions. */
export function listIn(value: unknown, path: Path): readonly unknown[] {
  if (!Array.isArray(value)) throw new Fault(path, `it must be a list, not ${inWords(value)}`);
  const again = value.findIndex((one, index) => value.indexOf(one) !== index);
  if (again !== -1) throw new Fault([...path, again], `${JSON.stringify(value[again])} is listed twice`);
  return value;
}

/** One of some texts. */
export function oneOf<T extends string>(value: unknown, path: Path, known: readonly T[], what: string): T {
  if (typeof value === "string" && known.includes(value as T)) return value as T;
  if (typeof value !== "string") throw new Fault(path, `it must be a text, not ${inWords(value)}`);
  const meant = didYouMean(value, known);
  const hint = meant === undefined ? `known are ${known.join(", ")}` : `did you mean '${meant}'?`;
  throw new Fault(path, `'${value.slice(0, 64)}' is no ${what}; ${hint}`);
}

/** A sentence for people, of one line. */
export function sentence(value: unknown, path: Path): void {
  const wanted = `it must be a text of 1 to ${MAX_SENTENCE} characters in one line`;
  if (typeof value !== "string" || value.trim() === "" || value.length > MAX_SENTENCE)
    throw new Fault(path, wanted);
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(value)) throw new Fault(path, wanted);
}

/** True or false. */
export function switchIn(value: unknown, path: Path): boolean {
  if (typeof value === "boolean") return value;
  throw new Fault(path, `it must be true or false, not ${inWords(value)}`);
}

/** The type of a value, as people say it. */
export function inWords(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
