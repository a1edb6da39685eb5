import { messageOf } from "./errors.js";
import { lineOf } from "./text-bounds.js";

/** Details of a line of the log by name: short texts and numbers, never payloads, configuration values or secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where the host talks to people. Fields never hold payloads, configuration values or secrets. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger that drops everything: also warnings that a guard does not run. Look at votes and `snapshot()` then. */
export const nullLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Longest line that is written, in characters. */
const MAX_LINE_LENGTH = 4_096;

/**
 * Writes warnings and errors to standard error, one line each, with a remedy where there is one: the host's logger when a
 * program gives none, so that a guard that does not run is never silent. Pass `nullLogger` to keep the host quiet.
 */
export const stderrLogger: Logger = {
  debug() {},
  info() {},
  warn: (message, fields) => writeLine("warn", message, fields),
  error: (message, fields) => writeLine("error", message, fields),
};

function writeLine(level: string, message: string, { extension, hint, ...others }: LogFields = {}): void {
  const details = Object.entries(others)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}: ${String(value)}`);
  const parts = [
    `synaps ${level}: `,
    extension === undefined ? "" : `${String(extension)}: `,
    message,
    details.length === 0 ? "" : ` (${details.join("; ")})`,
    hint === undefined ? "" : ` -- ${String(hint)}`,
  ];
  process.stderr.write(`${lineOf(parts.join(""), MAX_LINE_LENGTH)}\n`);
}

/** A logger must not be able to hurt the host: errors and rejections of the logger are dropped. */
export function guardedLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void =>
      // Nobody is left to tell.
      harmless(
        () => logger[level](message, fields),
        () => {},
      );
  return { debug: guard("debug"), info: guard("info"), warn: guard("warn"), error: guard("error") };
}

/** The program's own trace sink, which must not be able to hurt the host either: the first failure is logged. */
export function guardedTrace(trace: (line: string) => void, logger: Logger): (line: string) => void {
  let told = false;
  const failed = (error: unknown): void => {
    if (!told)
      logger.warn("the trace sink failed: lines of the trace are lost", { reason: messageOf(error) });
    told = true;
  };
  return (line) => harmless(() => trace(line), failed);
}

/** Runs a callback of the program. The callback may be async although its type says otherwise. */
function harmless(run: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const result = run();
    // Not only promises of this realm: a test runner's or a sandbox's are others.
    if (typeof result === "object" && result !== null && "then" in result)
      Promise.resolve(result).catch(onFailure);
  } catch (error) {
    onFailure(error);
  }
}

/** True for the 1st, the 10th, the 100th time: a flood must not become a flood of warnings. */
export function isWorthTelling(count: number): boolean {
  return /^10*$/.test(String(count));
}
