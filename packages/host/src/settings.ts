import { homedir } from "node:os";
import { join } from "node:path";
import { synapsCatalog, type Catalog } from "@synaps/sdk/protocol";
import { systemClock, type Clock } from "./time/clock.js";
import { HostError } from "./errors.js";
import { guardedLogger, guardedTrace, nullLogger, type Logger } from "./logger.js";
import { isTruthy } from "./observe/trace.js";
import { DEFAULT_LIMITS, type HostLimits, type HostOptions } from "./options.js";

/** Node's timers take no more; a longer one would run out at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** The options with all defaults filled in. */
export interface Settings {
  folders: HostOptions["folders"] | undefined;
  chain: HostOptions["chain"] | undefined;
  confirm: HostOptions["confirm"] | undefined;
  control: boolean;
  baseDir: string;
  projectDir: string;
  projectExtensions: boolean;
  lazy: boolean;
  catalogs: readonly Catalog[];
  logger: Logger;
  trace: (line: string) => void;
  env: Readonly<Record<string, string | undefined>>;
  limits: HostLimits;
  clock: Clock;
  random: () => number;
}

/** Throws a HostError for a limit that does not exist, a count that is not at least 1, or a time that no timer can run. */
export function settingsOf(options: HostOptions): Settings {
  const env = options.env ?? process.env;
  const logger = guardedLogger(options.logger ?? nullLogger);
  const projectOff = isTruthy(env["SYNAPS_DISABLE_PROJECT_PLUGINS"]);
  return {
    folders: options.folders,
    chain: options.chain,
    confirm: options.confirm,
    control: options.control ?? false,
    baseDir: options.baseDir ?? defaultBaseDir(env),
    projectDir: options.projectDir ?? process.cwd(),
    projectExtensions: options.projectExtensions ?? !projectOff,
    lazy: options.lazy ?? !isTruthy(env["SYNAPS_EXTENSIONS_EAGER"]),
    catalogs: options.catalogs ?? [synapsCatalog],
    logger,
    trace: guardedTrace(options.trace ?? ((line) => void process.stderr.write(`${line}\n`)), logger),
    env,
    limits: limitsOf(options.limits ?? {}),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/** `SYNAPS_BASE_DIR`, or `.synaps-cli` in the home folder. */
export function defaultBaseDir(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["SYNAPS_BASE_DIR"];
  return named === undefined || named === "" ? join(homedir(), ".synaps-cli") : named;
}

/** Each limit is checked: a count of 0 or a time of NaN would stop the host silently, far from the mistake. */
function limitsOf(own: unknown): HostLimits {
  if (typeof own !== "object" || own === null) throw wrongLimits(`'limits' is ${String(own)}`);
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) throw wrongLimits(`there is no limit '${name}'`);
    const isRight = name.endsWith("Ms") ? isTime(value) : isCount(value);
    if (!isRight)
      throw wrongLimits(
        `the limit '${name}' is ${typeof value === "object" && value ? "an object" : String(value)}`,
      );
  }
  return Object.freeze({ ...DEFAULT_LIMITS, ...(Object.fromEntries(given) as Partial<HostLimits>) });
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= MAX_TIMER_MS;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && value >= 1 && (Number.isInteger(value) || value === Infinity);
}

function wrongLimits(what: string): HostError {
  return new HostError("HOST_OPTIONS_INVALID", `An option of createHost is wrong: ${what}`, {
    hint: `Times are 0 to ${MAX_TIMER_MS} ms, counts whole numbers from 1. The limits are: ${Object.keys(DEFAULT_LIMITS).join(", ")}.`,
  });
}
