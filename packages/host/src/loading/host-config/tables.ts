import type { JsonValue } from "@synaps/sdk/protocol";
import { MAX_DEADLINE_MS } from "@synaps/sdk/manifest";
import { DEFAULT_LIMITS, type HostLimits } from "../../options.js";
import { MAX_TIMER_MS } from "../../time/clock.js";
import type { HookConfig, HookDefaults, HostConfig } from "./host-config.js";
import { keyText, snakeName } from "./names.js";
import { BREAKER, EVENTS, number, oneOf, PATH, PRIORITY, SWITCH, textLike, type Rule } from "./rules.js";

/** Everything that is known of one key. */
interface KeySpec {
  readonly rule: Rule;
  /** Value where nobody sets it. */
  readonly initial: JsonValue;
  /** True if a running host takes a new value over. */
  readonly live: boolean;
  /** Explanation for editors. */
  readonly about: string;
}

type SpecsOf<T> = Readonly<Record<keyof T & string, KeySpec>>;

/** One key of a table of fixed names. */
export interface FixedKey extends KeySpec {
  /** Names in the configuration of a program: `["hooks", "timeoutMs"]`. */
  readonly table: keyof HostConfig;
  readonly name: string;
  /** The names in the file, and their text: `hooks.timeout_ms`. */
  readonly path: readonly [table: string, key: string];
  readonly text: string;
  /** Variable of the environment that sets it. */
  readonly variable: string;
}

const next = (rule: Rule, initial: JsonValue, about: string): KeySpec => ({
  rule,
  initial,
  live: false,
  about,
});
const live = (rule: Rule, initial: JsonValue, about: string): KeySpec => ({
  rule,
  initial,
  live: true,
  about,
});

/** The same bounds as those of `createHost({ limits })`, but for infinity, which no file can hold in JSON. */
const TIME = number({ least: 0, most: MAX_TIMER_MS, whole: false });
const COUNT = number({ least: 1, most: Number.MAX_SAFE_INTEGER });

const LIMITS = Object.fromEntries(
  Object.entries(DEFAULT_LIMITS).map(([name, value]) => {
    const isTime = name.endsWith("Ms");
    const about = isTime
      ? "Milliseconds. Takes effect at the next start."
      : "Takes effect at the next start.";
    return [name, next(isTime ? TIME : COUNT, value, about)];
  }),
) as SpecsOf<HostLimits>;

const NAME_OF_VARIABLE = textLike(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "the name of an environment variable");
const LISTEN = textLike(
  /^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):([0-5]?\d{1,4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
  "an address and a port, as 127.0.0.1:9090 or [::1]:9090",
);
const PER = textLike(
  /^(global|kind|peer|session|tool|\/([^~]|~[01]){1,255})$/,
  "one of global, kind, peer, session and tool, or a pointer into the event, as /data/metadata/user_id",
);

const NO_RATE = "Nothing would ever pass. To switch the limit off, write false, or leave the key out.";
const NO_BUCKET = "Nothing would ever pass. To switch the rate limit off, set rate_limit.enabled = false.";
const NO_SHARE = "Every hook would be shut at once. To have no threshold, write false, or leave the key out.";
const NO_TIME = "Nobody could answer in time. To have no cap, write false, or leave the key out.";
const MOST_TOKENS = 1_000_000;
/** Longest call that the ring of traces tells from shorter ones: its own bound. */
const LONGEST_CALL_MS = 3_600_000;

/** Every key of the tables whose keys have fixed names. The type keeps the list and the configuration from parting. */
const SPECS: {
  readonly [T in keyof HostConfig]: SpecsOf<Omit<HostConfig[T], T extends "hooks" ? "of" : never>>;
} = {
  host: {
    lazy: next(SWITCH, true, "true starts lazy extensions when they are first needed."),
    projectExtensions: next(SWITCH, true, "true reads ./.synaps/plugins."),
    control: next(SWITCH, false, "true lets synaps-ext status, logs, resume and reload reach the host."),
    hookEvents: next(SWITCH, false, "true raises hook.executed for each outcome."),
    chain: next(oneOf(["first_decision", "rewrite_then_veto"]), null, "Policy of all gates."),
  },
  limits: LIMITS,
  hooks: {
    defaults: live(
      oneOf(["host", "rustyclaw", "llmspell"] satisfies HookDefaults[]),
      "host",
      "Whose defaults stand for the keys of this table that are not set.",
    ),
    enabled: live(SWITCH, true, "The master switch. llmspell's default is false."),
    timeoutMs: live(
      number({ least: 1, most: MAX_TIMER_MS, orFalse: true, zero: NO_TIME }),
      null,
      "Longest deadline of any hook in milliseconds, a cap. llmspell's default is 5000.",
    ),
    rateLimitPerMinute: live(
      number({ least: 1, most: MOST_TOKENS, orFalse: true, zero: NO_RATE }),
      null,
      "Events a minute. llmspell's default is 100.",
    ),
    circuitBreakerThreshold: live(
      number({ least: 0.000_001, most: 1, whole: false, orFalse: true, zero: NO_SHARE }),
      null,
      "Share of failed calls that opens the breaker of hooks without a choice of their own. llmspell's default is 0.01.",
    ),
    breaker: live(
      BREAKER,
      null,
      "Breaker of hooks that choose none; not together with circuit_breaker_threshold.",
    ),
    metricsHook: live(SWITCH, true, "true keeps RustyClaw's metric families."),
    auditLogHook: live(SWITCH, false, "true switches the audit on, with RustyClaw's selection of events."),
    auditLogPath: live(PATH, null, "Where audit_log_hook writes: a folder. Of a file x.log, the folder x."),
  },
  audit: {
    enabled: live(SWITCH, false, "true records each decision."),
    folder: live(PATH, null, "Folder of the files. Default: extensions/audit in the base folder."),
    format: live(oneOf(["json", "text"]), null, "Form of a line. Default: json."),
    maxFileBytes: live(
      number({ least: 1_024, most: Number.MAX_SAFE_INTEGER }),
      null,
      "Bytes after which a new file is begun. Default: 50 MiB.",
    ),
    files: live(
      number({ least: 0, most: Number.MAX_SAFE_INTEGER }),
      null,
      "Ended files that are kept. Default: 0, all.",
    ),
    queue: live(COUNT, null, "Lines that may wait for the disk. Default: 1024."),
    durability: live(
      oneOf(["queue", "before_answer"]),
      null,
      "before_answer gives no answer before its line is with the operating system. Default: queue.",
    ),
    onFailure: live(
      oneOf(["open", "closed"]),
      null,
      "With before_answer: what becomes of an answer whose line cannot be written. Default: open.",
    ),
    fsync: live(SWITCH, null, "true forces each write to the disk. Default: false."),
    chain: live(SWITCH, null, "true chains all lines by hashes. Default: false."),
    keyEnv: live(NAME_OF_VARIABLE, null, "Environment variable that holds the secret of the chain."),
    content: live(
      oneOf(["none", "summary", "full"]),
      null,
      "Part of inputs that is recorded. Default: none.",
    ),
    events: live(EVENTS, null, "all, security, or a list of kinds. Default: all."),
  },
  metrics: {
    enabled: next(SWITCH, false, "true opens the listener."),
    listen: next(LISTEN, "127.0.0.1:9090", "Address and port of the listener."),
    allowRemote: next(SWITCH, false, "true permits an address that other machines can reach."),
  },
  rateLimit: {
    enabled: live(SWITCH, false, "true switches the token bucket on."),
    capacity: live(number({ least: 1, most: MOST_TOKENS, zero: NO_BUCKET }), 30, "Tokens of a full bucket."),
    refillPerSec: live(
      number({ least: 0.001, most: MOST_TOKENS, whole: false, zero: NO_BUCKET }),
      5,
      "Tokens that come back in a second.",
    ),
    controlCost: live(number({ least: 0, most: MOST_TOKENS }), 2, "Tokens that a control message takes."),
    per: live(
      PER,
      "peer",
      "Who has a bucket of its own: global, kind, peer, session, tool, or a pointer as /data/user.",
    ),
  },
  logging: {
    enabled: live(SWITCH, false, "true logs each event."),
    level: live(oneOf(["debug", "info", "warn", "error"]), "info", "Level of the lines."),
    includeData: live(
      SWITCH,
      false,
      "true writes what events carry, masked; false only the names of its members.",
    ),
    maxDataBytes: live(number({ least: 16, most: 65_536 }), 1_024, "Bytes of data in a line at most."),
  },
  debug: {
    enabled: live(SWITCH, false, "true keeps the last calls in memory."),
    maxTraces: live(number({ least: 1, most: 100_000 }), 1_000, "Calls that are kept."),
    minDurationMs: live(
      number({ least: 0, most: LONGEST_CALL_MS, whole: false }),
      0,
      "Only calls that took at least this many milliseconds.",
    ),
  },
};

/** Most entries of `[hooks.of]`. */
export const MOST_HOOKS = 10_000;
/** Longest id there: the name of a folder with 255, a stroke, and the id of a subscription with 64 characters. */
export const MAX_ID_LENGTH = 320;

/** The keys of one entry of `[hooks.of]`. */
const OF_SPECS: SpecsOf<HookConfig> = {
  enabled: live(SWITCH, null, "false keeps it from being asked."),
  priority: live(PRIORITY, null, "Place in the chain: lower is asked first."),
  timeoutMs: live(
    number({ least: 1, most: MAX_DEADLINE_MS }),
    null,
    "Exactly this deadline for one answer, in milliseconds.",
  ),
  breaker: live(BREAKER, null, "Name of a policy, or a table of one."),
};

/** One key of an entry of `[hooks.of]`. */
export interface HookKey extends KeySpec {
  readonly name: keyof HookConfig;
  readonly key: string;
}

export const HOOK_KEYS: readonly HookKey[] = Object.freeze(
  Object.entries(OF_SPECS).map(([name, spec]) => ({
    ...spec,
    name: name as keyof HookConfig,
    key: snakeName(name),
  })),
);

export const FIXED_KEYS: readonly FixedKey[] = Object.freeze(
  Object.entries(SPECS).flatMap(([table, specs]) =>
    Object.entries<KeySpec>(specs).map(([name, spec]): FixedKey => {
      const path = [snakeName(table), snakeName(name)] as const;
      const variable = `SYNAPS_HOST_${path.join("_").toUpperCase()}`;
      return { ...spec, table: table as keyof HostConfig, name, path, text: keyText(path), variable };
    }),
  ),
);

/** Names of the tables in the file. */
export const TABLE_NAMES: readonly string[] = Object.freeze(Object.keys(SPECS).map(snakeName));

/** Defaults of `[hooks]` of other hook systems, where they differ from the host's, by the text of the key. */
export const HOOK_DEFAULTS: Readonly<Record<HookDefaults, Readonly<Record<string, JsonValue>>>> = {
  host: {},
  rustyclaw: {},
  llmspell: {
    "hooks.enabled": false,
    "hooks.timeout_ms": 5_000,
    "hooks.rate_limit_per_minute": 100,
    "hooks.circuit_breaker_threshold": 0.01,
  },
};
