import { defaultBaseDir, systemClock } from "@synaps/host";
import { ensureService, servicePlaces, type ServicePlaces } from "@synaps/service";
import { alreadyRuns, LogFile, pidOf, startService, type ServiceOptions } from "@synaps/service/server";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { serviceCommand } from "../service-command.js";
import { StopSignals } from "../stop-signals.js";
import { TalkingLogger } from "../start-report.js";
import { jsonDocument, plain } from "../text.js";

export interface ServeFlags {
  baseDir?: string;
  /** Minutes. */
  idle?: number;
  audit: boolean;
  detach?: boolean;
  background?: boolean;
  json?: boolean;
}

/** Runs the resident host of this user until it is idle or a signal ends it, or starts it in the background. */
export async function serve(io: Io, flags: ServeFlags): Promise<number> {
  const places = servicePlaces(flags.baseDir ?? defaultBaseDir(io.env));
  if (flags.detach) return detach(io, places, flags);
  const signals = new StopSignals(io.stderr);
  const logger =
    flags.background === true
      ? new LogFile(places.log, () => systemClock.wallMs())
      : new TalkingLogger(io.stderr);
  const service = await startService(optionsOf(places, flags, logger, io.env));
  if (service === undefined) {
    signals.release();
    // Another one was faster: whoever wanted a service has one.
    if (flags.background) return EXIT.ok;
    throw alreadyRuns(places, pidOf(places));
  }
  if (logger instanceof TalkingLogger) {
    logger.begin();
    await io.stderr.write(`The service listens at '${plain(places.socket)}'. Ctrl-C ends it.\n`);
    if (service.http !== undefined) await io.stderr.write(`Hooks over HTTP: ${service.http}\n`);
  }
  signals.asked.addEventListener("abort", () => void service.close(), { once: true });
  if (signals.asked.aborted) void service.close();
  await service.ended;
  signals.release();
  return signals.exitCode ?? EXIT.ok;
}

async function detach(io: Io, places: ServicePlaces, flags: ServeFlags): Promise<number> {
  const { started, pid } = await ensureService(places, serviceCommand(places.baseDir, flags), io.env);
  if (flags.json) {
    await io.stdout.write(
      jsonDocument({ socket: places.socket, pid: pid ?? null, started, log: places.log }),
    );
    return EXIT.ok;
  }
  await io.stdout.write(`${plain(places.socket)}\n`);
  const process_ = pid === undefined ? "" : ` as process ${pid}`;
  await io.stderr.write(
    `${started ? "Started" : "It runs already"}${process_}. Its log: ${plain(places.log)}\n`,
  );
  return EXIT.ok;
}

function optionsOf(
  { baseDir }: ServicePlaces,
  { idle, audit }: ServeFlags,
  logger: LogFile | TalkingLogger,
  env: ServiceOptions["env"],
): ServiceOptions {
  return { baseDir, audit, logger, env, ...(idle === undefined ? {} : { idleMs: idle * 60_000 }) };
}
