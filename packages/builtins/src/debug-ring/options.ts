import { between, checkOptions, ID, KINDS, must, whole, type Check } from "../checks.js";

/** Options of `debugRing`. */
export interface DebugRingOptions<K extends string = string> {
  /** Name of the hook. Default `debug_ring`. */
  id?: string;
  /** Kinds of events that are kept. */
  kinds: readonly K[];
  /** Traces that are kept; the oldest goes first. Default 1,000. */
  maxTraces?: number;
  /** Bytes of all traces together. Default 4 MiB. */
  maxBytes?: number;
  /** Events that took less, in milliseconds, are counted and not kept. Default 0: all are kept. */
  minDurationMs?: number;
  /** Time of day in milliseconds since 1970, for tests. Default `Date.now`. */
  wallMs?: () => number;
}

/** Conditions of a query: all that are given must hold. */
export interface TraceQuery {
  /** Name of a kind. */
  kind?: string;
  /** Type and name, for instance `agent writer`, or the name alone. */
  component?: string;
  tool?: string;
  session?: string;
  /** Action of the outcome. */
  action?: string;
  /** Earliest and latest time of the outcome, both included, in milliseconds since 1970. */
  since?: number;
  until?: number;
  /** Newest traces that are returned, the oldest of them first. Default 100. */
  limit?: number;
}

/** Traces kept: as in rs-llmspell. */
const MAX_TRACES = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MOST = 1_000_000;
const TEXT = must("a text", (value) => typeof value === "string");
const TIME = must("a number of milliseconds since 1970", (value) => Number.isFinite(value));

const CHECKS: Readonly<Record<string, Check>> = {
  id: ID,
  kinds: KINDS,
  maxTraces: whole(1, MOST),
  maxBytes: whole(1_024, 1024 * 1024 * 1024),
  minDurationMs: between(0, 3_600_000),
  wallMs: must("a function", (value) => typeof value === "function"),
};
const OF_QUERY: Readonly<Record<keyof TraceQuery, Check>> = {
  kind: TEXT,
  component: TEXT,
  tool: TEXT,
  session: TEXT,
  action: TEXT,
  since: TIME,
  until: TIME,
  limit: whole(1, MOST),
};

/** Options with everything filled in. */
export interface DebugRingSettings {
  readonly id: string;
  readonly maxTraces: number;
  readonly maxBytes: number;
  readonly minDurationMs: number;
  readonly wallMs: () => number;
}

/** Reads the options. Throws a TypeError for anything that makes no sense. */
export function settingsOf(options: DebugRingOptions): DebugRingSettings {
  checkOptions("debugRing", options, CHECKS, ["kinds"]);
  const { id = "debug_ring", maxTraces = MAX_TRACES, maxBytes = MAX_BYTES, minDurationMs = 0 } = options;
  const { wallMs = Date.now } = options;
  return { id, maxTraces, maxBytes, minDurationMs, wallMs };
}

/** Throws a TypeError for conditions that make no sense. */
export function checkQuery(query: TraceQuery): void {
  checkOptions("traces", query, OF_QUERY);
}
