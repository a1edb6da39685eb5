import {
  approveCode,
  consentRecord,
  ConsentStore,
  type ConsentRecord,
  type Coverage,
  type InventoryEntry,
} from "@synaps/host/tooling";
import { didYouMean, type Catalog } from "@synaps/sdk/protocol";
import { catalogHint, everyCatalog, type CatalogFlags } from "../catalogs.js";
import { consentText, shownOf } from "../consent-text.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { inventoryOf, placesOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { askOnTerminal, isYes } from "../terminal.js";
import { jsonDocument, plain } from "../text.js";

export interface ApproveFlags extends Pick<PlaceFlags, "baseDir">, CatalogFlags {
  yes?: boolean;
  json?: boolean;
}

interface Waiting {
  entry: InventoryEntry;
  record: ConsentRecord;
  coverage: Coverage;
}

/** Shows what an extension will run and may do, and records the user's yes to exactly that code. */
export async function approve(io: Io, id: string, flags: ApproveFlags): Promise<number> {
  const entries = await inventoryOf(flags);
  const named = entries.filter((entry) => entry.id === id);
  if (named.length === 0) {
    const known = [...new Set(entries.map((entry) => entry.id))];
    throw errors.extensionNotFound(id, known, didYouMean(id, known));
  }
  const { baseDir } = placesOf(flags);
  const waiting = named.flatMap(waitingFor);
  if (waiting.length === 0) {
    const stuck = named.find(({ status }) => status !== "ready");
    const ready = named.find(({ status }) => status === "ready");
    if (!ready) throw errors.cannotApprove(id, ...whyNot(stuck));
    await report(io, flags, [], [ready]);
    return EXIT.ok;
  }
  const catalogs = await everyCatalog(flags);
  for (const one of waiting) await agreeTo(one, named, { baseDir, catalogs }, io, flags);
  await report(io, flags, waiting, []);
  return EXIT.ok;
}

function waitingFor(entry: InventoryEntry): Waiting[] {
  const { status, extension, coverage } = entry;
  if (status !== "pending_consent" || !extension || !coverage || coverage.problems.length > 0) return [];
  return [{ entry, coverage, record: consentRecord(extension, coverage.hash, Date.now()) }];
}

/** The reason, and the advice where a catalog would help. */
function whyNot(entry: InventoryEntry | undefined): [why: string, hint?: string | undefined] {
  const error = entry?.diagnostics.find(({ severity }) => severity === "error");
  if (!error) return [`it is ${entry?.status ?? "unknown"}`];
  return [error.message, catalogHint(error.message, error.hint)];
}

/** Throws when there is no yes; otherwise the record is on disk. */
async function agreeTo(
  { entry, record, coverage }: Waiting,
  named: readonly InventoryEntry[],
  { baseDir, catalogs }: { baseDir: string; catalogs: readonly Catalog[] },
  io: Io,
  flags: ApproveFlags,
): Promise<void> {
  const before = (await new ConsentStore(baseDir).read()).get(entry.root);
  const own = named.find(({ root }) => root === entry.replaces);
  const asks = !flags.yes && io.stdin.isTTY === true;
  // With --json the text is only there for somebody who is asked: a program reads the streams.
  if (!flags.json || asks) {
    const out = flags.json ? io.stderr : io.stdout;
    await out.write(consentText(shownOf(entry, own), record, before, catalogs, out));
  }
  if (!flags.yes) {
    const answer = asks ? await askOnTerminal(`\nLet ${plain(entry.id)} run? [y/N] `) : "no_terminal";
    if (answer === "no_terminal") throw errors.consentNeeded(entry.id);
    if (!isYes(answer.line)) throw errors.refused(entry.id);
  }
  await approveCode(baseDir, record, coverage);
}

async function report(
  io: Io,
  flags: ApproveFlags,
  now: readonly Waiting[],
  before: readonly InventoryEntry[],
): Promise<void> {
  if (flags.json) {
    const approved = [
      ...now.map(({ entry, record }) => ({
        id: entry.id,
        folder: entry.root,
        hash: record.hash,
        already: false,
      })),
      ...before.map(({ id, root, coverage }) => ({
        id,
        folder: root,
        hash: coverage?.hash ?? null,
        already: true,
      })),
    ];
    return io.stdout.write(jsonDocument({ schemaVersion: 1, approved }));
  }
  for (const { entry } of now) {
    await io.stdout.write(
      `\nApproved ${plain(entry.id)}. It runs from the next start on, until its code changes.\n`,
    );
  }
  for (const { id, root } of before)
    await io.stdout.write(`${plain(id)} is already approved: ${plain(root)}\n`);
}
