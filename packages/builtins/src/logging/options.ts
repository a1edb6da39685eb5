import { checkOptions, ID, KINDS, must, oneOf, SWITCH, whole, type Check } from "../checks.js";

/** Levels of lines, the least important one first. */
export const LEVELS = ["debug", "info", "warn", "error"] as const;
/** Importance of a line. */
export type LogLevel = (typeof LEVELS)[number];

/** Details of a line by name. */
export type LineFields = Readonly<Record<string, string | number | boolean | null>>;

/** Where lines go: the logger of a host, or any other one of this shape. What it throws is dropped and counted. */
export type LineLogger = { readonly [L in LogLevel]: (message: string, fields?: LineFields) => void };

/** Options of `logging`. */
export interface LoggingOptions<K extends string = string> {
  /** Name of the hook. Default `logging`. */
  id?: string;
  /** Kinds of events that are written down. */
  kinds: readonly K[];
  logger: LineLogger;
  /** Least important lines that are written. `debug` adds a line for each event that comes and each answer. Default `info`. */
  level?: LogLevel;
  /** True writes what events carry, masked; false only the names of its members. Default false. */
  includeData?: boolean;
  /** Bytes of what an event carries in one line; a marker says that something was cut. Default 1,024. */
  maxDataBytes?: number;
}

/** Bytes of data in one line: as in rs-llmspell. */
const MAX_DATA_BYTES = 1_024;
const MOST_DATA_BYTES = 65_536;

const CHECKS: Readonly<Record<string, Check>> = {
  id: ID,
  kinds: KINDS,
  logger: must(
    `an object with the methods ${LEVELS.join(", ")}`,
    (value) =>
      typeof value === "object" &&
      value !== null &&
      LEVELS.every((level) => typeof Reflect.get(value, level) === "function"),
  ),
  level: oneOf(...LEVELS),
  includeData: SWITCH,
  maxDataBytes: whole(16, MOST_DATA_BYTES),
};

/** Options with everything filled in. */
export interface LoggingSettings {
  readonly id: string;
  readonly logger: LineLogger;
  readonly level: LogLevel;
  readonly includeData: boolean;
  readonly maxDataBytes: number;
}

/** Reads the options. Throws a TypeError for anything that makes no sense. */
export function settingsOf(options: LoggingOptions): LoggingSettings {
  checkOptions("logging", options, CHECKS, ["kinds", "logger"]);
  const {
    id = "logging",
    logger,
    level = "info",
    includeData = false,
    maxDataBytes = MAX_DATA_BYTES,
  } = options;
  return { id, logger, level, includeData, maxDataBytes };
}
