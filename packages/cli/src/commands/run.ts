import type { Readable } from "node:stream";
import { createHost, findHosts, type Host } from "@synaps/host";
import type { ChainPolicy } from "@synaps/sdk/protocol";
import { auditEnd, auditOptionsOf, auditStart, type RunAuditFlags } from "../audit-text.js";
import { allCatalogs, type CatalogFlags } from "../catalogs.js";
import { ConfirmPrompt } from "../confirm-prompt.js";
import { eventKinds, parseEventLine, type EventKinds } from "../event-input.js";
import { linesOf, openEvents } from "../events-source.js";
import { EXIT } from "../exit-codes.js";
import { ExtensionLines } from "../extension-lines.js";
import { firstSteps } from "../first-steps.js";
import { baseDirFlag } from "../hosts.js";
import type { Io } from "../io.js";
import { NewRecords } from "../new-records.js";
import { runOrdered } from "../ordered-pool.js";
import { outcomeLine, type ResultLine } from "../outcome-line.js";
import { hostOptionsOf, placesOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { requireRunning, requireVotes } from "../required.js";
import { endReport, findingsOf, startTable, TalkingLogger } from "../start-report.js";
import { StopSignals } from "../stop-signals.js";
import { jsonLine, plain } from "../text.js";

export interface RunFlags extends PlaceFlags, CatalogFlags, RunAuditFlags {
  events: string;
  session?: string;
  chain: ChainPolicy;
  concurrency: number;
  confirm: "ask" | "block";
  quiet?: boolean;
  control?: boolean;
  strict?: boolean;
  require?: string[];
}

/** Answers events from a stream until it ends, the reader of the answers leaves, or a signal asks to stop. */
export async function run(io: Io, flags: RunFlags): Promise<number> {
  const catalogs = await allCatalogs(flags);
  const input = await openEvents(flags.events, io);
  const signals = new StopSignals(io.stderr);
  const ending = AbortSignal.any([signals.asked, io.stdout.gone]);
  const logger = new TalkingLogger(io.stderr);
  const host = createHost({
    ...hostOptionsOf(flags),
    catalogs,
    chain: flags.chain,
    control: flags.control ?? false,
    audit: auditOptionsOf(flags),
    logger,
  });
  const lines = flags.quiet ? undefined : new ExtensionLines(host, io.stderr);
  const required = flags.require ?? [];
  let invalid = 0;
  let end = host.snapshot();
  try {
    const newRecords = await NewRecords.watch(flags);
    const starting = unlessAborted(host.start(), ending);
    await lines?.during(starting);
    await starting;
    if (!ending.aborted) {
      logger.begin();
      await reportStart(host, io, flags, newRecords);
      lines?.follow();
      requireRunning(required, host.snapshot());
      invalid = await answer(host, input, io, flags, eventKinds(catalogs), ending, lines);
    }
    end = host.snapshot();
  } finally {
    input.destroy();
    await host.stop();
    // The last lines of an extension come with its end.
    await lines?.end();
    signals.release();
  }
  if (!flags.quiet && !io.stdout.gone.aborted) await io.stderr.write(endReport(end));
  const { audit } = host.snapshot();
  if (audit) await io.stderr.write(auditEnd(audit, flags.quiet === true, io.stderr));
  if (signals.exitCode !== undefined) return signals.exitCode;
  requireVotes(required, end);
  if (flags.strict && invalid > 0) throw errors.invalidLines(invalid);
  return EXIT.ok;
}

async function reportStart(host: Host, io: Io, flags: RunFlags, newRecords: NewRecords): Promise<void> {
  const { stderr } = io;
  const snapshot = host.snapshot();
  if (!flags.quiet) {
    const isEmpty = snapshot.extensions.length === 0;
    await stderr.write(isEmpty ? await firstSteps(flags) : startTable(snapshot, stderr));
    await stderr.write(await newRecords.text(stderr));
    if (flags.control) await stderr.write(controlText(flags));
    if (snapshot.audit) await stderr.write(auditStart(snapshot.audit, flags));
  }
  // Fail open must not mean fail silently: what does not run is named even when the rest is quiet.
  await stderr.write(findingsOf(snapshot, !flags.quiet, stderr));
  if (!flags.quiet && flags.events === "-" && io.stdin.isTTY === true) {
    await stderr.write("Reading events from the terminal, one JSON object per line; Ctrl-D ends.\n");
  }
}

/** How to look at this host, if its socket could be made: the host's logger tells when not. */
function controlText(flags: RunFlags): string {
  const { baseDir } = placesOf(flags);
  const reachable = findHosts(baseDir).some(({ pid }) => pid === process.pid);
  return reachable ? `Look at it with: ${plain(`synaps-ext status${baseDirFlag(baseDir)}`)}\n` : "";
}

/** Answers all events, and returns the number of lines that were no event. */
async function answer(
  host: Host,
  input: Readable,
  io: Io,
  flags: RunFlags,
  kinds: EventKinds,
  ending: AbortSignal,
  lines: ExtensionLines | undefined,
): Promise<number> {
  let invalid = 0;
  const prompt = new ConfirmPrompt(flags.confirm === "ask", io, ending);
  let seq = 0;
  const answerLine = async (line: Parameters<typeof parseEventLine>[0]): Promise<ResultLine | undefined> => {
    const parsed = parseEventLine(line, flags.session, kinds);
    if (parsed.type === "blank") return undefined;
    // Before the first pause, so that the numbers follow the input.
    const number = ++seq;
    if (parsed.type === "error") return { seq: number, error: parsed.error };
    const { event, warning } = parsed;
    if (warning !== undefined)
      void io.stderr.write(`${io.stderr.paint("yellow", "warn")}  event ${number}: ${plain(warning)}\n`);
    try {
      const outcome = await (await host.emit(event, { traceFields: { seq: number } })).settled;
      for (const vote of outcome.votes)
        if (vote.status === "abstained" && vote.reason === "error")
          lines?.say(
            vote.extension,
            `${outcome.kind} failed in '${vote.subscription}': ${vote.detail ?? ""}`,
          );
      return outcomeLine(number, outcome, await prompt.resolve(outcome, event.tool_name ?? null));
    } catch (error) {
      return { seq: number, error: errorFields(error) };
    }
  };
  await runOrdered(linesOf(input, ending), flags.concurrency, answerLine, async (result) => {
    if (!result) return;
    if ("error" in result) invalid += 1;
    await lines?.refill();
    await io.stdout.write(jsonLine(result));
  });
  return invalid;
}

/** The host rejects only for what is wrong with the event. */
function errorFields(error: unknown): Extract<ResultLine, { error: object }>["error"] {
  const code = error instanceof Error && "code" in error ? String(error.code) : "INTERNAL";
  const hint = error instanceof Error && "hint" in error ? error.hint : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { code, message, ...(typeof hint === "string" ? { hint } : {}) };
}

/** Waits for the work, or no longer when the signal aborts. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([work, aborted]);
}
