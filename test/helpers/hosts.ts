import { createHost, type Host, type HostLimits, type HostOptions } from "@synaps/host";
import { onTestFinished } from "vitest";
import { tempDir } from "./temp.js";

/** Patient limits for what has to come, and short ones for a stop. A test that needs others passes its own. */
export const FAST: Partial<HostLimits> = {
  handshakeMs: 30_000,
  restartHandshakeMs: 30_000,
  startMs: 60_000,
  restartBaseMs: 5,
  restartCapMs: 20,
  drainMs: 500,
  shutdownMs: 300,
  stdinEndMs: 300,
  sigtermMs: 500,
};

export interface LogLine {
  level: "debug" | "info" | "warn" | "error";
  message: string;
  fields: Readonly<Record<string, unknown>>;
}

/** A host with an empty base folder of its own, stopped after the test. `log` collects what it says. */
export function testHost(options: HostOptions = {}): {
  host: Host;
  log: LogLine[];
  trace: string[];
} {
  const log: LogLine[] = [];
  const trace: string[] = [];
  const note =
    (level: LogLine["level"]) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void log.push({ level, message, fields });
  const host = createHost({
    baseDir: tempDir(),
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    trace: (line) => void trace.push(line),
    ...options,
    limits: { ...FAST, ...options.limits },
  });
  onTestFinished(() => host.stop());
  return { host, log, trace };
}

/** A started host on the given folders. */
export async function startedHost(
  folders: readonly string[],
  options: HostOptions = {},
): Promise<ReturnType<typeof testHost>> {
  const made = testHost({ ...options, folders });
  await made.host.start();
  return made;
}
