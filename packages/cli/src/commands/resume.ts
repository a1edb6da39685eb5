import { HostError, type ExtensionStatus } from "@synaps/host";
import { EXIT } from "../exit-codes.js";
import { findExtension, type FoundExtension, type HostFlags } from "../hosts.js";
import type { Io } from "../io.js";
import { pause } from "../pause.js";
import { errors } from "../present-error.js";
import { reasonOf } from "../status-problems.js";
import { StopSignals } from "../stop-signals.js";
import { jsonDocument, plain } from "../text.js";

export interface ResumeFlags extends HostFlags {
  json?: boolean;
}

const LOOK_MS = 200;
const LIVE: readonly string[] = ["running", "degraded"];
const COMING: readonly string[] = ["loaded", "starting", "restarting"];

/** Gives an extension that failed or is quarantined another try, and waits for what becomes of it. */
export async function resume(io: Io, id: string, flags: ResumeFlags): Promise<number> {
  const found = await findExtension(id, flags);
  if (LIVE.includes(found.extension.state)) {
    await report(io, found.extension, flags, true);
    return EXIT.ok;
  }
  const signals = new StopSignals(io.stderr, { slow: false });
  try {
    const asked = new Promise<undefined>((resolve) => {
      signals.asked.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    // Whoever does not want to wait any longer need not: the host goes on with it.
    const extension = await Promise.race([settled(found, signals.asked), asked]);
    if (extension === undefined) return signals.exitCode ?? EXIT.ok;
    if (!LIVE.includes(extension.state))
      throw errors.notResumed(
        "EXTENSION_NOT_LIVE",
        id,
        reasonOf(extension) ?? `it is ${extension.state}`,
        undefined,
      );
    await report(io, extension, flags, false);
    return EXIT.ok;
  } finally {
    signals.release();
  }
}

/** What became of it. Throws when it failed again. */
async function settled({ client, extension }: FoundExtension, signal: AbortSignal): Promise<ExtensionStatus> {
  const { id } = extension;
  try {
    await client.resume(id);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    // A start can take longer than an answer; a host that is gone says so below.
    if (error.code !== "CONTROL_UNAVAILABLE")
      throw errors.notResumed(error.code, id, error.message, error.hint);
  }
  for (;;) {
    const { extensions } = await client.status();
    const now = extensions.find((one) => one.id === id && one.process);
    // One that was starting anyway is not live when the host's answer comes.
    if (now && !COMING.includes(now.state)) return now;
    await pause(LOOK_MS, signal);
  }
}

async function report(
  { stdout }: Io,
  { id, state }: ExtensionStatus,
  { json }: ResumeFlags,
  already: boolean,
): Promise<void> {
  if (json) return stdout.write(jsonDocument({ schemaVersion: 1, id, state, already }));
  const words = already ? `is live already: ${state}` : `is live again: ${state}`;
  return stdout.write(`${plain(`${id} ${words}`)}\n`);
}
