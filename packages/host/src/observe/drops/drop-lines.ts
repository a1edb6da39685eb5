import type { Logger } from "../../logger.js";
import { messageOf } from "../../errors.js";
import { withoutUnseen } from "../../text-bounds.js";
import { isPretty, isTruthy } from "../trace.js";
import type { DropLine } from "./drop-log.js";

/** Places to which lines about dropped events go. */
export interface LineSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  trace(line: string): void;
}

/** Writes a line about dropped events to the log, and to the trace where that is on. Never throws. */
export function writeDropLine({ env, logger, trace }: LineSettings, line: DropLine): void {
  const { extension, id: subscription, dropped, total } = line;
  const reason = reasonsOf(line);
  logger.warn("events were dropped", { extension, subscription, dropped, total, reason });
  try {
    const value = env["SYNAPS_EXTENSIONS_TRACE"];
    if (value === undefined) return;
    if (isPretty(value)) trace(prettyLine(line));
    else if (isTruthy(value)) trace(traceLine(line));
  } catch (error) {
    // The environment is the program's own object.
    logger.warn("a record of dropped events was lost", { reason: messageOf(error) });
  }
}

function traceLine({ extension, id, kind, dropped, total, reasons, wallMs }: DropLine): string {
  const line = JSON.stringify({
    level: "warn",
    message: "Extension events dropped",
    extension_trace: true,
    hook: kind,
    extension,
    subscription: id,
    dropped,
    total,
    reasons,
    time: new Date(wallMs).toISOString(),
  });
  return withoutUnseen(line);
}

function prettyLine(line: DropLine): string {
  const { extension, id, kind, dropped, total, wallMs } = line;
  const time = new Date(wallMs).toISOString().slice(11, -1);
  const said = `${dropped} dropped (${reasonsOf(line)}), ${total} in all`;
  return withoutUnseen(`${time}  ${kind}  ${extension}/${id}  ${said}`);
}

function reasonsOf({ reasons }: DropLine): string {
  return Object.entries(reasons)
    .map(([reason, times]) => `${times} ${reason}`)
    .join(", ");
}
