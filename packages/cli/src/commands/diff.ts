import { changesText, CoverageStore, type Change, type InventoryEntry } from "@synaps/host/tooling";
import { didYouMean } from "@synaps/sdk/protocol";
import type { CatalogFlags } from "../catalogs.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { inventoryOf, placesOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { jsonDocument, plain } from "../text.js";

export interface DiffFlags extends Pick<PlaceFlags, "baseDir">, CatalogFlags {
  json?: boolean;
}

/** The differences in one folder of an extension. */
interface Difference {
  id: string;
  folder: string;
  origin: InventoryEntry["origin"];
  /** Since the approval, or since the last start of an extension in the user's folder; null without one. */
  changes: readonly Change[] | null;
  /** Changes that a start recorded last; null when no start found one. */
  recorded: { at: string; changes: readonly Change[] } | null;
  problems: readonly string[];
}

/** Shows, file by file, what changed of an extension since it was approved or recorded. Records and starts nothing. */
export async function diff(io: Io, id: string, flags: DiffFlags): Promise<number> {
  const entries = await inventoryOf(flags, { recordNew: false });
  const named = entries.filter((entry) => entry.id === id);
  if (named.length === 0) {
    const known = [...new Set(entries.map((entry) => entry.id))];
    throw errors.extensionNotFound(id, known, didYouMean(id, known));
  }
  const store = new CoverageStore(placesOf(flags).baseDir);
  const differences: Difference[] = [];
  for (const { root, origin, changes, coverage } of named) {
    const { last } = (await store.read(root)) ?? {};
    const problems = coverage?.problems ?? [];
    differences.push({
      id,
      folder: root,
      origin,
      changes: changes ?? null,
      recorded: last ?? null,
      problems,
    });
  }
  if (flags.json) await io.stdout.write(jsonDocument({ schemaVersion: 1, extensions: differences }));
  else for (const one of differences) await io.stdout.write(textOf(one));
  return differences.some(({ changes }) => changes && changes.length > 0) ? EXIT.failed : EXIT.ok;
}

function textOf({ id, folder, origin, changes, recorded, problems }: Difference): string {
  const lines = [
    `${id}  ${folder}`,
    ...(changes === null ? [noApproval(origin)] : changed(changes)),
    ...problems.map((problem) => `  ${problem}`),
    ...(recorded ? [`  Recorded at ${recorded.at}: ${changesText(recorded.changes, 1_000)}`] : []),
  ];
  return lines.map((line) => `${plain(line)}\n`).join("");
}

function noApproval(origin: InventoryEntry["origin"]): string {
  if (origin === "user") return "  It was not started yet: there is nothing to compare it with.";
  return "  It was not approved yet: there is nothing to compare it with.";
}

function changed(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ["  Nothing changed."];
  return changes.map(
    ({ name, what, loadable }) => `  ${what.padEnd(7)}  ${name}${loadable ? "" : "  (data)"}`,
  );
}
