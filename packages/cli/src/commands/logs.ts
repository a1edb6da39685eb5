import type { ControlClient, LogEntry } from "@synaps/host";
import { timeOfDay } from "../durations.js";
import { EXIT } from "../exit-codes.js";
import { findExtension, type HostFlags } from "../hosts.js";
import type { Io } from "../io.js";
import { errors } from "../present-error.js";
import { StopSignals } from "../stop-signals.js";
import { jsonLine, plainWithTabs } from "../text.js";

export interface LogsFlags extends HostFlags {
  follow?: boolean;
  lines: number;
  json?: boolean;
}

/** Prints what an extension wrote to standard error. */
export async function logs(io: Io, id: string, flags: LogsFlags): Promise<number> {
  const { client } = await findExtension(id, flags);
  const lineOf = flags.json ? jsonOf : textOf;
  if (flags.follow) return follow(io, id, client, flags.lines, lineOf);
  const entries = await client.logs(id, flags.lines);
  await io.stdout.write(entries.map(lineOf).join(""));
  return EXIT.ok;
}

function textOf({ at, line }: LogEntry): string {
  return `${timeOfDay(at)} ${plainWithTabs(line)}\n`;
}

function jsonOf({ at, line }: LogEntry): string {
  return jsonLine({ at, line });
}

/** Until the host ends, the reader leaves or a signal comes. */
async function follow(
  { stdout, stderr }: Io,
  id: string,
  client: ControlClient,
  lines: number,
  lineOf: (entry: LogEntry) => string,
): Promise<number> {
  const signals = new StopSignals(stderr, { slow: false });
  const ending = AbortSignal.any([signals.asked, stdout.gone]);
  let written = Promise.resolve();
  const onLog = (entry: LogEntry): void => {
    written = stdout.write(lineOf(entry));
  };
  const aborted = new Promise<void>((resolve) => {
    ending.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    await Promise.race([client.follow(id, lines, onLog, ending), aborted]);
    if (!ending.aborted) await written;
    if (!ending.aborted && (await isAlive(client))) throw errors.logsCut(id);
    return signals.exitCode ?? EXIT.ok;
  } finally {
    signals.release();
  }
}

/** A host lets go of a watcher that reads too slowly. */
async function isAlive(client: ControlClient): Promise<boolean> {
  return client.status().then(
    () => true,
    () => false,
  );
}
