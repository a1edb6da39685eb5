import type { Catalog, ChainPolicy } from "@synaps/sdk/protocol";
import type { Clock } from "./time/clock.js";
import type { Logger } from "./logger.js";

/** Time limits in milliseconds. Each default's reason stands beside it. */
export interface HostLimits {
  /** Whole chain of one gate event; at least the largest deadline granted in it. Default 10 s: two full deadlines. */
  chainBudgetMs: number;
  /**
   * Longest that a hook's own deadline may make a chain; hooks that need more abstain. Default 60 s, the longest deadline there
   * is. A program whose asker gives up earlier sets less.
   */
  chainMostMs: number;
  /** Kept back so that everyone left is asked in parallel when the budget runs short. Default 500 ms. */
  chainReserveMs: number;
  /** All lifecycle subscriptions of one event together. Default 5 s, the reference's. */
  lifecycleBudgetMs: number;
  /** First handshake, counted from the last sign of life. Default 30 s: room for an interpreter and its imports. */
  handshakeMs: number;
  /** First handshake in all, however lively. Default 10 min: some extensions download a model there. */
  handshakeTotalMs: number;
  /** Handshake after a restart. Default 10 s, the reference's. */
  restartHandshakeMs: number;
  /** Longest wait of `start` for slow extensions. Default 10 s. */
  startMs: number;
  /** First pause before a restart; doubles with each further one. Default 250 ms, the reference's. */
  restartBaseMs: number;
  /** Longest pause before a restart. Default 15 s. */
  restartCapMs: number;
  /** Health after which the pause starts small again. Default 30 s. */
  restartResetMs: number;
  /** Failed restarts in a row until `failed`. Default 3, the reference's. */
  restartAttempts: number;
  /** Crashes within `crashWindowMs` until `quarantined`. Default 5 in 5 min. */
  crashBudget: number;
  /** Time in which crashes add up. Default 5 min. */
  crashWindowMs: number;
  /** Wait before a quarantined extension gets one more try. Default 60 s. */
  quarantineProbeMs: number;
  /** Timeouts in a row after which a hook kind of an extension is not asked any more. Default 3. */
  breakerTimeouts: number;
  /** Time between probes that show if a hook kind is answered again. Default 30 s. */
  breakerProbeMs: number;
  /** Crashes over the same event until it is kept from the extension. Default 2: the first may be chance. */
  poisonCrashes: number;
  /** Time for which the event is kept from the extension. Default 10 min. */
  poisonMs: number;
  /** Suspected events remembered for each extension. Default 64. */
  poisonTable: number;
  /** Deadlines in a row without a byte, after which protocols 1 and 2 count as hung. Default 3. */
  hungDeadlines: number;
  /** Silence after which protocol 3 is pinged. Default 15 s. */
  pingIdleMs: number;
  /** Time to answer a ping. Default 2 s. */
  pingMs: number;
  /** Pings in a row without an answer, after which it is restarted. Default 3. */
  pingMisses: number;
  /** Longest that `emit` waits for room where a kind's overflow policy is `block`. Default 1 s. */
  overflowBlockMs: number;
  /** Stop: time for work in flight. Default 5 s, a full deadline. */
  drainMs: number;
  /** Stop: time to answer `shutdown`. Default 500 ms, the reference's. */
  shutdownMs: number;
  /** Stop: time to end after standard input ended. Default 1 s. */
  stdinEndMs: number;
  /** Stop: time to end after SIGTERM. Default 2 s. */
  sigtermMs: number;
  /** Time for the last bytes of standard output after a process ended. Default 50 ms. */
  exitDrainMs: number;
  /** A tool's answer. Default 120 s, the reference's. */
  toolCallMs: number;
  /** A provider's completion, the wait for its turn included. Default 60 s, the reference's. */
  providerCompleteMs: number;
  /** A provider's stream from beginning to end. Default 120 s, the reference's. */
  providerStreamMs: number;
  /** Events that may wait for one observer. Default 1024. */
  observeQueue: number;
  /** Items that may wait in one session of a stream, for one extension; at most 8 MiB of text. Default 1,024. */
  streamQueue: number;
  /** Items that may wait for one extension in all sessions together; at most 64 MiB of text. Default 16,384. */
  streamItems: number;
  /** Gates, and apart from them calls, that may wait for one process. Default 16,384; gates also at most 64 MiB of text. */
  gateQueue: number;
  /** Events that one extension may raise in a second. Default 100. */
  eventsPerSecond: number;
  /** Events that one extension may raise at once. Default 200: two seconds' worth. */
  eventsBurst: number;
  /** Raised events that `events.query` can still find. Default 1024; at most 8 MiB of text. */
  eventRing: number;
  /** Processes of lazy extensions that sessions may have at the same time. Default 64, the reference's. */
  leaseCapacity: number;
  /** Time without use after which such a process is ended. Default 5 min, the reference's. */
  leaseIdleMs: number;
  /** Extensions that start at the same time. Default 10: on two cores 50 start a tenth sooner than with 3. */
  startConcurrency: number;
  /** A command that a user called, whatever its shape but a tool's. Default 60 s, the reference's. */
  commandMs: number;
  /** The user's answer to a confirmation. Default 5 min: nobody is there any more. */
  confirmMs: number;
  /** An answer that a screen waits for: a settings editor, a sidecar's arguments, a session driver. Default 5 s. */
  screenMs: number;
  /** Sidecar: time for its first line. Default 10 s, the reference's. */
  sidecarHelloMs: number;
  /** Sidecar: time to end when it was asked to. Default 2 s, the reference's. */
  sidecarStopMs: number;
  /** Time after which a starting extension stops counting towards `startConcurrency`. Default 1 s. */
  startTurnMs: number;
}

/** The limits of a host that sets none. Frozen; `createHost({ limits })` replaces single ones, for that host only. */
export const DEFAULT_LIMITS: Readonly<HostLimits> = Object.freeze({
  chainBudgetMs: 10_000,
  chainMostMs: 60_000,
  chainReserveMs: 500,
  lifecycleBudgetMs: 5_000,
  handshakeMs: 30_000,
  handshakeTotalMs: 600_000,
  restartHandshakeMs: 10_000,
  startMs: 10_000,
  restartBaseMs: 250,
  restartCapMs: 15_000,
  restartResetMs: 30_000,
  restartAttempts: 3,
  crashBudget: 5,
  crashWindowMs: 300_000,
  quarantineProbeMs: 60_000,
  breakerTimeouts: 3,
  breakerProbeMs: 30_000,
  poisonCrashes: 2,
  poisonMs: 600_000,
  poisonTable: 64,
  hungDeadlines: 3,
  pingIdleMs: 15_000,
  pingMs: 2_000,
  pingMisses: 3,
  overflowBlockMs: 1_000,
  drainMs: 5_000,
  shutdownMs: 500,
  stdinEndMs: 1_000,
  sigtermMs: 2_000,
  exitDrainMs: 50,
  toolCallMs: 120_000,
  providerCompleteMs: 60_000,
  providerStreamMs: 120_000,
  observeQueue: 1_024,
  streamQueue: 1_024,
  streamItems: 16_384,
  gateQueue: 16_384,
  eventsPerSecond: 100,
  eventsBurst: 200,
  eventRing: 1_024,
  leaseCapacity: 64,
  leaseIdleMs: 300_000,
  startConcurrency: 10,
  startTurnMs: 1_000,
  commandMs: 60_000,
  confirmMs: 300_000,
  screenMs: 5_000,
  sidecarHelloMs: 10_000,
  sidecarStopMs: 2_000,
});

/**
 * Asked when an extension wants confirmation. Resolve to true to go on; anything else, an error, and no answer within
 * `confirmMs` (default 5 min) keep the operation from running. `signal` is aborted when the answer counts no more: the time
 * is over, the host stops, or the program gave the operation up. Close the question then.
 */
export type ConfirmPrompt = (request: {
  message: string;
  extension: string;
  kind: string;
  toolName: string | null;
  signal: AbortSignal;
}) => boolean | Promise<boolean>;

/** Options of the audit. Wrong ones throw a HostError `HOST_OPTIONS_INVALID`. */
export interface AuditOptions {
  /** Where the files stand, each process with files of its own. Default: `extensions/audit` in the base folder. */
  folder?: string;
  /** Default `json`: one JSON object per line. `text`: `[time] Event key=value`. */
  format?: "json" | "text";
  /** Bytes after which a new file is begun; at least 1,024. Default 50 MiB. */
  maxFileBytes?: number;
  /** Ended files that are kept in the folder, of all processes together. Default 0: all. */
  files?: number;
  /** Lines that may wait for the disk; beyond, they are dropped, counted and the count written. Default 1,024. */
  queue?: number;
  /** `before_answer` gives no answer before its line is with the operating system. Default `queue`: nobody waits. */
  durability?: "queue" | "before_answer";
  /**
   * With `before_answer`: what becomes of an answer whose line cannot be written within 5 s. `open` gives it, `closed`
   * blocks or withholds the output, and says so in the log. Default `open`.
   */
  onFailure?: "open" | "closed";
  /** True forces each write to the disk, against a loss of power. Default false. */
  fsync?: boolean;
  /** True chains all lines by hashes, so that `synaps-ext audit verify` finds a changed line. Default false. */
  chain?: boolean;
  /** Secret of the chain and of the digests of inputs. Whoever does not have it can forge neither. */
  key?: string;
  /** Part of inputs that is recorded: `none`, `summary` (masked and cut), or `full` (masked). Default `none`. */
  content?: "none" | "summary" | "full";
  /** Events that are recorded: `all` but items of streams, `security` as RustyClaw's audit, or kinds, `*` allowed. Default `all`. */
  events?: "all" | "security" | readonly string[];
}

/**
 * Everything that `createHost` takes; all of it is optional. An unknown or misspelt key, a wrong type and a limit out
 * of range throw a HostError `HOST_OPTIONS_INVALID` at once. Nothing is read or started by passing them.
 */
export interface HostOptions<C extends readonly Catalog[] = readonly Catalog[]> {
  /**
   * Folders to load from: each holds extension folders, or is one itself. They are trusted, because you name them.
   * Without it, the user's and the project's folders of the ecosystem are read, with consent.
   */
  folders?: readonly string[];
  /** Where configuration and state stand. Default: `SYNAPS_BASE_DIR` or `~/.synaps-cli`. */
  baseDir?: string;
  /**
   * True reads `extensions/host.toml` or `extensions/host.json` in the base folder: a broken one throws a HostError
   * `HOST_CONFIG_INVALID`. While the host runs, changes are taken over. Options count more than the file. Default true.
   */
  configFile?: boolean;
  /** Where the project's folder and root are looked for. Default: the working directory. */
  projectDir?: string;
  /** True reads `./.synaps/plugins`. Default true unless `SYNAPS_DISABLE_PROJECT_PLUGINS` says otherwise. */
  projectExtensions?: boolean;
  /**
   * True lets `synaps-ext status`, `logs`, `resume` and `reload` reach this host, over a socket that only this
   * user can open. It offers no approval and no configuration. Default false.
   */
  control?: boolean;
  /**
   * True starts extensions that say so in their manifest when they are first needed. With false, all start with the
   * host. Default true unless `SYNAPS_EXTENSIONS_EAGER` is 1, true, yes or on.
   */
  lazy?: boolean;
  /**
   * True raises an event on the topic `hook.executed` for the outcome of every event of a hook, for `events.query`. Also
   * raised while somebody follows the topic. Default false.
   */
  hookEvents?: boolean;
  /**
   * Records each decision: what was asked, who decided, whether it ran and how it ended. True takes the defaults of
   * `AuditOptions`. A full disk costs lines, which are counted, and no answer unless you say so. Default false.
   */
  audit?: AuditOptions | boolean;
  /** Hook kinds. Default: the `synaps` catalog. */
  catalogs?: C;
  /** Policy of gates, for `emit` and `intercept` alike. Default: `emit` by catalog, `intercept` rewrite_then_veto. */
  chain?: ChainPolicy;
  /** Asked for `confirm`. Without it, a confirm blocks. */
  confirm?: ConfirmPrompt;
  /** Told of warnings and errors. Default: `stderrLogger`, which writes them to standard error; `nullLogger` is quiet. */
  logger?: Logger;
  /** Takes the lines that `SYNAPS_EXTENSIONS_TRACE` switches on. Default: standard error. */
  trace?: (line: string) => void;
  /** Environment to read switches and passed-on variables from. Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Limits that differ from `DEFAULT_LIMITS`. */
  limits?: Partial<HostLimits>;
  /** For tests that decide what time it is. Default: `systemClock`. */
  clock?: Clock;
  /** Randomness for the restart pause: 0 to below 1. Default `Math.random`. */
  random?: () => number;
}
