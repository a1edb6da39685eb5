/** Longest word that is compared. Names of the product are shorter, and a hostile one must cost nothing. */
const MAX_LENGTH = 64;

/**
 * Returns the candidate that was probably meant: the nearest one, at most two edits away, or one edit for words of fewer
 * than four letters; of two that are equally near, the one with the same first letter. An edit adds, removes or changes a letter, or swaps two neighbours; case counts for nothing.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestEdits = word.length < 4 ? 2 : 3;
  if (word.length > MAX_LENGTH) return undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > bestEdits) continue;
    const needed = edits(word.toLowerCase(), candidate.toLowerCase());
    const isNearer =
      needed < bestEdits ||
      (needed === bestEdits && best !== undefined && begins(candidate, word) && !begins(best, word));
    if (isNearer) {
      best = candidate;
      bestEdits = needed;
    }
  }
  return best;
}

function begins(candidate: string, word: string): boolean {
  return candidate.charAt(0).toLowerCase() === word.charAt(0).toLowerCase();
}

/** Number of edits between two words: the optimal string alignment distance, row by row. */
function edits(from: string, to: string): number {
  const at = (row: readonly number[], column: number): number => row[column] ?? 0;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, changed);
      const isSwapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(isSwapped ? Math.min(least, at(beforeLast, column - 2) + 1) : least);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

/** Longest part of an unknown name that an error repeats, in characters. */
const MAX_NAME_LENGTH = 64;

/**
 * Says which key of an object is none of the known ones, and which one was probably meant; undefined when all are known.
 * A misspelt option would otherwise be ignored, and the program would run with a default.
 */
export function unknownKey(given: object, known: readonly string[]): string | undefined {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const meant = didYouMean(key, known);
    const hint = meant === undefined ? `known are ${known.join(", ")}` : `did you mean '${meant}'?`;
    return `there is no '${key.slice(0, MAX_NAME_LENGTH)}'; ${hint}`;
  }
  return undefined;
}
