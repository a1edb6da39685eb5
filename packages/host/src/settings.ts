import { resolve } from "node:path";
import { defineCatalog, isChainPolicy, synapsCatalog, type Catalog, unknownKey } from "@synaps/sdk/protocol";
import { MAX_TIMER_MS, systemClock, type Clock } from "./time/clock.js";
import { HostError, messageOf } from "./errors.js";
import { defaultBaseDir } from "./loading/config/base-dir.js";
import { guardedLogger, guardedTrace, stderrLogger, type Logger } from "./logger.js";
import { auditSettings, configuredAudit, type AuditSettings } from "./dispatch/audit/audit-settings.js";
import type { HostConfig } from "./loading/host-config/host-config.js";
import { readHostConfig, type HostConfigReading } from "./loading/host-config/read-host-config.js";
import { DEFAULT_LIMITS, type HostLimits, type HostOptions } from "./options.js";

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
  hookEvents: boolean;
  audit: AuditSettings | undefined;
  /** The audit that a configuration asks for, with the options of the program. */
  auditOf: (config: HostConfig) => AuditSettings | undefined;
  hostConfig: HostConfigReading;
  /** Reads the configuration again; undefined where the program wants no file. */
  readHostConfig: (() => HostConfigReading) | undefined;
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
  checkOptions(options);
  const env = options.env ?? process.env;
  const logger = guardedLogger(options.logger ?? stderrLogger);
  const baseDir = resolve(options.baseDir ?? defaultBaseDir(env));
  // Checked before they are laid over the file.
  auditSettings(options.audit, baseDir);
  limitsOf(options.limits ?? {});
  const isFileRead = options.configFile ?? true;
  const auditOf = (config: HostConfig): AuditSettings | undefined =>
    configuredAudit(config, { option: options.audit, env, baseDir });
  const read = (): HostConfigReading => {
    const reading = readHostConfig({ baseDir: isFileRead ? baseDir : null, env, options });
    auditOf(reading.config);
    return reading;
  };
  const hostConfig = read();
  const { host, limits } = hostConfig.config;
  return {
    folders: options.folders ?? undefined,
    chain: host.chain ?? undefined,
    confirm: options.confirm ?? undefined,
    control: host.control,
    baseDir,
    projectDir: options.projectDir ?? process.cwd(),
    projectExtensions: host.projectExtensions,
    lazy: host.lazy,
    hookEvents: host.hookEvents,
    audit: auditOf(hostConfig.config),
    auditOf,
    hostConfig,
    readHostConfig: isFileRead ? read : undefined,
    catalogs: catalogsOf(options.catalogs ?? [synapsCatalog]),
    logger,
    trace: guardedTrace(options.trace ?? ((line) => void process.stderr.write(`${line}\n`)), logger),
    env,
    limits,
    clock: options.clock ?? systemClock,
    random: guardedRandom(options.random ?? Math.random),
  };
}

type Check = readonly [isRight: (value: unknown) => boolean, wanted: string];

const TEXT: Check = [(value) => typeof value === "string", "a text"];
const SWITCH: Check = [(value) => typeof value === "boolean", "true or false"];
const FUNCTION: Check = [(value) => typeof value === "function", "a function"];

/** All options but the limits, which are checked one by one. */
const CHECKS: Readonly<Record<Exclude<keyof HostOptions, "limits">, Check>> = {
  folders: [(value) => isList(value, (item) => typeof item === "string"), "a list of paths"],
  baseDir: TEXT,
  projectDir: TEXT,
  projectExtensions: SWITCH,
  configFile: SWITCH,
  control: SWITCH,
  lazy: SWITCH,
  hookEvents: SWITCH,
  audit: [(value) => typeof value === "boolean" || isObject(value), "true, false or options"],
  catalogs: [(value) => isList(value, isObject), "a list of catalogs"],
  chain: [isChainPolicy, "the name of a chain policy"],
  confirm: FUNCTION,
  logger: [(value) => hasFunctions(value, ["debug", "info", "warn", "error"]), "a logger with four levels"],
  trace: FUNCTION,
  env: [isObject, "an object"],
  clock: [(value) => hasFunctions(value, ["now", "wallMs", "after"]), "a clock"],
  random: FUNCTION,
};

/**
 * Throws a HostError for an option of a wrong type. Programs in plain JavaScript have no compiler to say so, and a wrong
 * option would fail far from the mistake.
 */
function checkOptions(options: unknown): void {
  if (!isObject(options)) throw wrong("the options are no object");
  const unknown = unknownKey(options, [...Object.keys(CHECKS), "limits"]);
  if (unknown !== undefined) throw wrong(unknown);
  for (const [name, [isRight, wanted]] of Object.entries(CHECKS)) {
    const value = options[name];
    if (value !== undefined && value !== null && !isRight(value)) throw wrong(`'${name}' must be ${wanted}`);
  }
}

function wrong(what: string): HostError {
  return new HostError("HOST_OPTIONS_INVALID", `An option of createHost is wrong: ${what}`, {
    hint: "Pass the options with the types of HostOptions.",
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function hasFunctions(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

/** The catalogs, checked: also those that `defineCatalog` did not make. */
function catalogsOf(catalogs: readonly Catalog[]): readonly Catalog[] {
  try {
    return catalogs.map((catalog) => defineCatalog(catalog));
  } catch (error) {
    throw new HostError("HOST_OPTIONS_INVALID", messageOf(error), {
      hint: "Correct the catalog, or make it with `defineCatalog` to see the mistake where it is declared.",
      cause: error,
    });
  }
}

/** The program's own randomness, which must not be able to hurt the host: Math.random stands in for what is no fraction. */
function guardedRandom(random: () => number): () => number {
  return () => {
    try {
      const value: unknown = random();
      return typeof value === "number" && value >= 0 && value < 1 ? value : Math.random();
    } catch {
      return Math.random();
    }
  };
}

/** Each limit is checked: a count of 0 or a time of NaN would stop the host silently, far from the mistake. */
function limitsOf(own: unknown): HostLimits {
  if (typeof own !== "object" || own === null)
    throw wrongLimits(`'limits' is ${own === null ? "null" : `a ${typeof own}`}`);
  const unknown = unknownKey(own, Object.keys(DEFAULT_LIMITS));
  if (unknown !== undefined) throw wrongLimits(`in 'limits' ${unknown}`);
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
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
