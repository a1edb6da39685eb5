import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const CALL = /\bverifies\(([^)]*)\)/g;
const LITERAL = /"([A-Z][A-Z0-9]*-\d{3})"/g;

/** Ids that a test source cites: in calls of `verifies`, and as literals that begin like an id of the ledger. */
export function citationsIn(source: string, prefixes: ReadonlySet<string>): Set<string> {
  const cited = new Set<string>();
  for (const [, args = ""] of source.matchAll(CALL)) {
    for (const [, id = ""] of args.matchAll(/"([^"]*)"/g)) cited.add(id);
  }
  for (const [, id = ""] of source.matchAll(LITERAL)) {
    if (prefixes.has(prefixOf(id))) cited.add(id);
  }
  return cited;
}

export function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}

/** Every test file below a folder and what it cites. */
export function allCitations(folder: string, prefixes: ReadonlySet<string>): Map<string, Set<string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".test.ts"),
  );
  return new Map(
    files.map((name) => [name, citationsIn(readFileSync(join(folder, name), "utf8"), prefixes)]),
  );
}
