import {
  consentRecord,
  ConsentStore,
  approveCode,
  coverageFor,
  planSetup,
  runCommand,
  setUp,
  type InstallOptions,
  type InventoryEntry,
  type SetupPlan,
  type SetupReport,
  type Settings,
} from "@synaps/host/tooling";
import { didYouMean } from "@synaps/sdk/protocol";
import { consentText, shownOf } from "../consent-text.js";
import type { CatalogFlags } from "../catalogs.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { inventoryOf, toolSettings, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { StopSignals } from "../stop-signals.js";
import { askOnTerminal, isYes } from "../terminal.js";
import { jsonDocument, plain } from "../text.js";

export interface SetupFlags extends Pick<PlaceFlags, "baseDir">, CatalogFlags {
  yes?: boolean;
  json?: boolean;
}

/** Does what an extension needs before it can run: unpacks what was built for this machine, or runs its script. */
export async function setup(io: Io, id: string, flags: SetupFlags): Promise<number> {
  const entry = await find(id, flags);
  const settings = await toolSettings(flags);
  const signals = new StopSignals(io.stderr, { slow: false });
  try {
    const options: InstallOptions = {
      settings,
      run: runCommand,
      signal: signals.asked,
      onLine: (line) => void io.stderr.write(`${plain(line)}\n`),
    };
    const plan = await planSetup(entry.root, options);
    if (plan.script === undefined && !plan.asset) {
      await report(io, id, flags, { did: "nothing", files: [], log: undefined, fellBack: undefined });
      return EXIT.ok;
    }
    await agree(io, entry, plan, settings, flags);
    const done = await setUp(plan, options);
    if (entry.origin !== "named") await approveResult(entry, options);
    await report(io, id, flags, done);
    return EXIT.ok;
  } finally {
    signals.release();
  }
}

async function find(id: string, flags: SetupFlags): Promise<InventoryEntry> {
  const entries = await inventoryOf(flags);
  const [entry] = entries.filter((one) => one.id === id);
  if (entry) return entry;
  const known = [...new Set(entries.map((one) => one.id))];
  throw errors.extensionNotFound(id, known, didYouMean(id, known));
}

/** Shows what will run and what it may do, and asks. Throws when there is no yes. */
async function agree(
  io: Io,
  entry: InventoryEntry,
  plan: SetupPlan,
  { baseDir, catalogs }: Settings,
  { yes = false, json = false }: SetupFlags,
): Promise<void> {
  const asks = !yes && io.stdin.isTTY === true;
  if (!json || asks) {
    const { extension } = plan;
    const before = (await new ConsentStore(baseDir).read()).get(entry.root);
    const record = consentRecord(extension, (entry.coverage ?? (await coverageFor(entry))).hash, Date.now());
    const out = json ? io.stderr : io.stdout;
    await out.write(consentText(shownOf({ ...entry, extension }), record, before, catalogs, out));
    await out.write(
      `\nNow, once:\n${steps(plan)
        .map((step) => `  ${plain(step)}\n`)
        .join("")}`,
    );
  }
  if (yes) return;
  const answer = asks ? await askOnTerminal(`\nSet ${plain(entry.id)} up? [y/N] `) : "no_terminal";
  if (answer === "no_terminal") throw errors.setupConsentNeeded(entry.id);
  if (!isYes(answer.line)) throw errors.setupRefused(entry.id);
}

function steps({ asset, script }: SetupPlan): string[] {
  const fetched = asset === undefined ? [] : [`fetches ${asset.url}`, `  with sha256 ${asset.sha256}`];
  if (script === undefined) return fetched;
  const runs = `runs bash ${script}, with all of your rights`;
  return [...fetched, asset === undefined ? runs : `${runs}, if that cannot be fetched`];
}

/** What the setup made is what the user asked for: it is approved as it is now. */
async function approveResult(entry: InventoryEntry, options: InstallOptions): Promise<void> {
  const { extension } = await planSetup(entry.root, options);
  const coverage = await coverageFor(entry);
  const record = consentRecord(extension, coverage.hash, Date.now());
  await approveCode(options.settings.baseDir, record, coverage);
}

async function report(
  { stdout }: Io,
  id: string,
  { json }: SetupFlags,
  { did, files, log, fellBack }: SetupReport,
): Promise<void> {
  if (json) {
    const more = { files, log: log ?? null, fellBack: fellBack ?? null };
    return stdout.write(jsonDocument({ schemaVersion: 1, id, did, ...more }));
  }
  const words = {
    nothing: `${id} needs no setup on this machine`,
    prebuilt: `${id} is set up: ${files.length} files were unpacked`,
    script: `${id} is set up; what its script printed stands in ${log ?? "no file"}`,
  }[did];
  const why = fellBack === undefined ? "" : `${plain(fellBack)}; its script was run instead\n`;
  return stdout.write(`${why}${plain(words)}\n`);
}
