import type { Finding } from "./find.js";

/**
 * Joins findings that overlap into one that covers them all, so that nothing of either stays; the earliest rule of
 * the table gives the name. Findings that only touch stay apart. The result is sorted and does not depend on the
 * order of the input.
 */
export function joinOverlaps(findings: readonly Finding[]): Finding[] {
  const sorted = findings.toSorted((a, b) => a.start - b.start || b.end - a.end || a.rank - b.rank);
  const joined: Finding[] = [];
  for (const next of sorted) {
    const last = joined.at(-1);
    if (last === undefined || next.start >= last.end) {
      joined.push(next);
      continue;
    }
    const named = next.rank < last.rank ? next : last;
    joined[joined.length - 1] = { ...named, start: last.start, end: Math.max(last.end, next.end) };
  }
  return joined;
}
