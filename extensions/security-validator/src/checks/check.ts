/** Sorts of what is looked for. `size` and `unchecked` are found in the input as a whole. */
export const CHECKS = ["sql", "command", "path", "prompt"] as const;
export type Check = (typeof CHECKS)[number] | "pattern" | "size" | "unchecked";

/** A part of a text, as a half-open range. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One shape that is looked for. */
export interface Rule {
  readonly check: Check;
  readonly id: string;
  /** Takes the place of a part that is taken out. */
  readonly instead: string;
  /** Steps that a look at one character may take: bounds the work on all texts of an event together. */
  readonly stepsPerChar: number;
  /** The first part that has the shape, from this place on. */
  find(text: string, from: number): Span | undefined;
}

/** Takes the place of what was taken out. */
export const REMOVED = "[removed]";

/**
 * A rule of this extension. Each quantifier of the expression is bounded, or can only start where a run of its characters
 * starts, so that no text makes it slow: `test/linear.test.ts` looks at all of them.
 */
export function rule(check: Check, id: string, shape: RegExp, instead = REMOVED): Rule {
  const pattern = new RegExp(shape.source, `${shape.flags.replaceAll("g", "")}g`);
  return {
    check,
    id,
    instead,
    stepsPerChar: 1,
    find(text, from) {
      pattern.lastIndex = from;
      const match = pattern.exec(text);
      return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
    },
  };
}
