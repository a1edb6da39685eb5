import type { BreakerChoice, ChainPolicy, JsonValue } from "@synaps/sdk/protocol";
import type { AuditOptions, HostLimits } from "../../options.js";

/** The hook system whose defaults stand for the keys of `[hooks]` that nobody sets. */
export type HookDefaults = "host" | "rustyclaw" | "llmspell";

/** Changes to the hooks of an extension, to a hook of the program, or to a single subscription. Null leaves a thing as it is. */
export interface HookConfig {
  /** False keeps it from being asked. */
  readonly enabled: boolean | null;
  /** Place in the chain: lower is asked first. */
  readonly priority: number | null;
  /** Exactly this deadline for one answer, in milliseconds, 1 to 60,000. */
  readonly timeoutMs: number | null;
  readonly breaker: BreakerChoice | null;
}

/**
 * Configuration of a host with all defaults filled in. Deeply frozen. Null stands where nothing was set and the host has no
 * default of its own for it.
 */
export interface HostConfig {
  /** Switches of `createHost`. */
  readonly host: {
    readonly lazy: boolean;
    readonly projectExtensions: boolean;
    readonly control: boolean;
    readonly hookEvents: boolean;
    readonly chain: ChainPolicy | null;
  };
  readonly limits: Readonly<HostLimits>;
  readonly hooks: {
    readonly defaults: HookDefaults;
    /** The master switch. */
    readonly enabled: boolean;
    /** Longest deadline of any hook in milliseconds: a cap. Null: each hook's own. */
    readonly timeoutMs: number | null;
    /** Events a minute for all hooks together. Null: no limit. */
    readonly rateLimitPerMinute: number | null;
    /** Share of failures that opens the breaker of every hook without a choice of its own. Null: `breaker` counts. */
    readonly circuitBreakerThreshold: number | null;
    /** Breaker of hooks that choose none. Null whenever `circuitBreakerThreshold` is set. */
    readonly breaker: BreakerChoice | null;
    readonly metricsHook: boolean;
    readonly auditLogHook: boolean;
    /** Absolute path as it was written, `~` resolved. `audit.folder` has the folder that follows from it. */
    readonly auditLogPath: string | null;
    /** Changes by id of an extension, id of a hook of the program, or `<extension>/<subscription>`. Without a prototype. */
    readonly of: Readonly<Record<string, HookConfig>>;
  };
  /** Options of the audit; null leaves the default to the audit. The secret itself is never part of a configuration. */
  readonly audit: {
    readonly enabled: boolean;
    readonly folder: string | null;
    readonly format: AuditOptions["format"] | null;
    readonly maxFileBytes: number | null;
    readonly files: number | null;
    readonly queue: number | null;
    readonly durability: AuditOptions["durability"] | null;
    readonly onFailure: AuditOptions["onFailure"] | null;
    readonly fsync: boolean | null;
    readonly chain: boolean | null;
    /** Name of the environment variable that holds the secret of the chain. */
    readonly keyEnv: string | null;
    readonly content: AuditOptions["content"] | null;
    readonly events: "all" | "security" | readonly string[] | null;
  };
  /** Listener for metrics; read by programs and by `@synaps/metrics`. */
  readonly metrics: {
    readonly enabled: boolean;
    /** Address and port, as `127.0.0.1:9090` or `[::1]:9090`. */
    readonly listen: string;
    /** True permits an address that other machines can reach. */
    readonly allowRemote: boolean;
  };
  /** The built-in token bucket. */
  readonly rateLimit: {
    readonly enabled: boolean;
    readonly capacity: number;
    readonly refillPerSec: number;
    /** Tokens that a control message takes; an event takes one. */
    readonly controlCost: number;
    /** Name of what has a bucket of its own. */
    readonly per: string;
  };
  readonly logging: {
    readonly enabled: boolean;
    readonly level: "debug" | "info" | "warn" | "error";
    /** True writes what events carry, masked; false only the names of its members. */
    readonly includeData: boolean;
    readonly maxDataBytes: number;
  };
  readonly debug: {
    readonly enabled: boolean;
    readonly maxTraces: number;
    readonly minDurationMs: number;
  };
}

/** Place that a value comes from. */
export interface Origin {
  readonly from: "default" | "file" | "environment" | "options";
  /** Line of the file, counted from 1; null elsewhere. */
  readonly line: number | null;
  /** Name of the environment variable; null elsewhere. */
  readonly variable: string | null;
}

/** One mistake in the configuration: its place, what is wrong, and a remedy. Never a text that stands in the file as a value. */
export interface HostConfigProblem {
  /** A warning keeps no host from starting: what it speaks of changes nothing. */
  readonly severity: "error" | "warning";
  /** Key with its tables, as `hooks.timeout_ms`; empty for the file as a whole. */
  readonly key: string;
  /** Path of the file; null for a variable of the environment. */
  readonly file: string | null;
  /** Line and column from 1; null where the file as a whole is meant. */
  readonly line: number | null;
  readonly column: number | null;
  readonly variable: string | null;
  readonly message: string;
  readonly hint: string;
}

/** One value that two configurations do not share. */
export interface HostConfigDifference {
  /** Key with its tables, as `hooks.of."shell-guard".enabled`. */
  readonly key: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
  /** True if a running host takes it over; false if it takes effect at the next start. */
  readonly live: boolean;
}
