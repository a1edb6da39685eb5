import type { JsonValue, Verdict } from "@synaps/sdk/protocol";

/** An event as far as the built-ins look at it. */
export interface SeenEvent {
  readonly kind: string;
  readonly tool_name?: string | null;
  readonly tool_input?: unknown;
  readonly tool_output?: string | null;
  readonly message?: string | null;
  readonly session_id?: string | null;
  readonly data?: unknown;
}

/** The part of a handler's context that the built-ins use. */
export interface HookAids {
  annotate(name: string, value: JsonValue): void;
}

/** The name of an event, and what the program gave to join events of one operation. */
export interface EventNames {
  readonly eventId: string;
  readonly correlationId: string | null;
}

/** A vote as far as the built-ins look at it. */
export interface SeenVote {
  readonly extension: string;
  readonly subscription: string;
  readonly status: "voted" | "abstained" | "not_reached";
  readonly verdict?: { readonly action: string };
  readonly ignored?: string;
  readonly reason?: string;
  readonly closed?: boolean;
  readonly queueMs?: number;
  readonly runMs?: number;
}

/** An outcome as far as the built-ins look at it. */
export interface SeenOutcome {
  readonly kind: string;
  readonly action: string;
  readonly eventId: string | undefined;
  readonly votes: readonly SeenVote[];
  readonly durationMs: number;
}

/** The action by which a built-in refuses an event. */
export type Refusing = "block" | "confirm" | "skip";

/** The entry of a hook for one kind. Asked once for each event, in order: nobody pays for an event that is refused. */
export type EntryOf<K extends string> = {
  readonly [N in K]: { readonly kind: N; readonly phase: "rewrite" };
}[K];

/** The entry of a hook that refuses, with its handler: which answers a kind allows is checked kind by kind. */
export type RefusingEntryOf<K extends string, R extends Refusing> = {
  readonly [N in K]: {
    readonly kind: N;
    readonly phase: "rewrite";
    readonly closed: boolean;
    handler(event: SeenEvent, context: HookAids): Extract<Verdict, { action: R }> | undefined;
  };
}[K];

/** Facts about a built-in for `host.hooks.list`. */
export interface BuiltInMetadata {
  readonly version: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly priority: "highest" | "lowest";
}

/** Where the built-ins get the time from. Only differences of `now` count, in milliseconds. */
export interface BuiltInClock {
  now(): number;
}

/** The clock of the process that nobody can set back. */
export const processClock: BuiltInClock = { now: () => performance.now() };

/** Entries of the kinds, each once. */
export function entriesOf<const K extends string>(kinds: readonly K[]): readonly EntryOf<K>[] {
  return [...new Set(kinds)].map((kind) => ({ kind, phase: "rewrite" }) as EntryOf<K>);
}

/** Entries of the kinds with the handler that answers them. `closed`: not answering counts as a block. */
export function refusingEntries<const K extends string, R extends Refusing>(
  kinds: readonly K[],
  closed: boolean,
  handler: RefusingEntryOf<K, R>["handler"],
): readonly RefusingEntryOf<K, R>[] {
  return entriesOf(kinds).map((entry) => ({ ...entry, closed, handler }) as RefusingEntryOf<K, R>);
}
