import { isPlaceholder } from "../placeholder.js";
import { isUnspeakable, isWordy } from "../wordy.js";
import { type PatternRule, tokenAfter } from "./rule.js";

/** Cells of a line of the tables below. */
const COLUMNS = ["id", "description", "beginnings", "rest", "source"] as const;

/**
 * Reads a table of formats, a line each: `id | description | beginnings | rest | source`. The beginnings are literal, parted by
 * blanks; the rest is a pattern. Throws for a line with another number of cells.
 */
export function formatsOf(table: string): PatternRule[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const cells = line.split(" | ").map((cell) => cell.trim());
      if (cells.length !== COLUMNS.length) throw new Error(`not ${COLUMNS.length} cells: ${line}`);
      const [id = "", description = "", beginnings = "", rest = "", source = ""] = cells;
      const literals = beginnings.split(" ").filter((one) => one !== "");
      const either = literals.map((one) => one.replaceAll(/[.+$|/]/g, String.raw`\$&`)).join("|");
      return {
        id,
        description,
        keywords: literals.map((one) => one.toLowerCase()),
        pattern: tokenAfter(
          either,
          rest,
          literals.some((one) => one.length < 5),
        ),
        entropy: 3,
        check: ({ value }) => !isPlaceholder(value) && isDrawn(value, literals),
        source,
      };
    });
}

/** Judges what follows the beginning: a name of code may begin like a token. */
function isDrawn(value: string, beginnings: readonly string[]): boolean {
  const rest = value.slice(
    Math.max(...beginnings.filter((one) => value.startsWith(one)).map((one) => one.length)),
  );
  return !isWordy(rest) || isUnspeakable(rest);
}
