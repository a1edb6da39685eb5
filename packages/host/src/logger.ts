export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where the host talks to people. Fields never hold payloads, configuration values or secrets. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const nullLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A logger must not be able to hurt the host: whatever it throws is dropped. */
export function guardedLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void => {
      try {
        logger[level](message, fields);
      } catch {
        // Nobody is left to tell.
      }
    };
  return { debug: guard("debug"), info: guard("info"), warn: guard("warn"), error: guard("error") };
}
