import type { Covered } from "./coverage.js";

/** One difference between what is covered by an approval and what is there now. */
export interface Change {
  /** Path in the extension's folder; the real path of a file outside of it. */
  name: string;
  what: "changed" | "removed" | "new";
  /** True for a file that may run or be loaded. A changed or removed file that was approved counts as such. */
  loadable: boolean;
}

/** All differences between the approved ones of the recorded files and those of now, sorted by name. Pure. */
export function compareCoverage(
  recorded: ReadonlyMap<string, Covered & { approved: boolean }>,
  now: ReadonlyMap<string, Covered>,
): Change[] {
  const changes: Change[] = [];
  let approvedHere = 0;
  for (const [name, { value, approved }] of recorded) {
    if (!approved) continue;
    const found = now.get(name);
    if (found) approvedHere += 1;
    if (!found) changes.push({ name, what: "removed", loadable: true });
    else if (found.value !== value) changes.push({ name, what: "changed", loadable: true });
  }
  // Usually nothing is new, and thousands of files need no second look.
  if (approvedHere === now.size) return changes.sort(byName);
  for (const [name, { loadable }] of now)
    if (recorded.get(name)?.approved !== true) changes.push({ name, what: "new", loadable });
  return changes.sort(byName);
}

function byName(a: Change, b: Change): number {
  return a.name < b.name ? -1 : 1;
}

/** `a.js (changed), b.py (new) and 3 more`. */
export function changesText(changes: readonly Change[], most = 5): string {
  const shown = changes.slice(0, most).map(({ name, what }) => `${name} (${what})`);
  const more = changes.length - shown.length;
  return shown.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}
