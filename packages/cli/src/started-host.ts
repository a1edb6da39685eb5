import { createHost, type Host, type HostOptions } from "@synaps/host";
import { EXIT } from "./exit-codes.js";
import type { Io } from "./io.js";
import { NewRecords } from "./new-records.js";
import { hostOptionsOf, type PlaceFlags } from "./places.js";
import { findingsOf, TalkingLogger } from "./start-report.js";
import { StopSignals } from "./stop-signals.js";

/** What a command does with a host that was started for it. */
export type HostWork = (host: Host, ending: AbortSignal) => Promise<number>;

/**
 * Starts all extensions, does the work, and ends them. Says on standard error what does not run and what was recorded;
 * nothing else. A signal aborts `ending`, and its exit code goes before that of the work.
 */
export async function withHost(
  io: Io,
  flags: PlaceFlags,
  options: HostOptions,
  work: HostWork,
): Promise<number> {
  const signals = new StopSignals(io.stderr);
  const ending = AbortSignal.any([signals.asked, io.stdout.gone]);
  const logger = new TalkingLogger(io.stderr);
  const host = createHost({ ...hostOptionsOf(flags), ...options, logger });
  let code: number = EXIT.ok;
  try {
    const newRecords = await NewRecords.watch(flags);
    await Promise.race([host.start(), aborted(ending)]);
    if (!ending.aborted) {
      logger.begin();
      await io.stderr.write(await newRecords.text(io.stderr));
      await io.stderr.write(findingsOf(host.snapshot(), false, io.stderr));
      code = await work(host, ending);
    }
  } finally {
    await host.stop();
    signals.release();
  }
  return signals.exitCode ?? code;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
