import type { JsonObject } from "@synaps/sdk/protocol";
import {
  entriesOf,
  type BuiltInMetadata,
  type EntryOf,
  type EventNames,
  type SeenEvent,
  type SeenOutcome,
} from "../hook-types.js";
import { factsOf, type EventFacts } from "../watch/facts.js";
import { followBoth, type FollowedHost } from "../watch/follow.js";
import { Pending } from "../watch/pending.js";
import {
  checkQuery,
  settingsOf,
  type DebugRingOptions,
  type DebugRingSettings,
  type TraceQuery,
} from "./options.js";
import { Ring } from "./ring.js";
import { statisticsOf, type KindStatistics } from "./statistics.js";
import { askedOf, traceOf, type Trace } from "./trace.js";

/** Numbers about a ring. */
export interface DebugRingStatistics {
  /** Traces that are kept now, and their bytes. */
  readonly kept: number;
  readonly bytes: number;
  /** Outcomes of the kinds since the ring was made. */
  readonly outcomes: number;
  /** Traces that went to make room for newer ones. */
  readonly dropped: number;
  /** Outcomes that took less than `minDurationMs`. */
  readonly tooShort: number;
  /** Traces that were larger than the whole ring. */
  readonly tooLarge: number;
  /** Events whose outcome is not known yet, and events that were let go before it was. */
  readonly pending: number;
  readonly lost: number;
  /** Of the traces that are kept, by kind. */
  readonly kinds: Readonly<Record<string, KindStatistics>>;
}

type Index = Pick<Trace, "kind" | "tool" | "component" | "session" | "action" | "atMs" | "durationMs">;

/** The facts of an event that are kept until its outcome is known. */
interface Waiting {
  readonly facts: EventFacts;
  readonly asked: JsonObject;
}

/**
 * The hook of `debugRing`: keeps what was asked and answered for the last events, masked and cut, to look at in a running
 * program. Needs `follow`: a hook alone sees events and no outcomes.
 */
export class DebugRing<K extends string = string> {
  readonly id: string;
  readonly metadata: BuiltInMetadata;
  readonly events: readonly EntryOf<K>[];
  readonly #settings: DebugRingSettings;
  readonly #kinds: ReadonlySet<string>;
  readonly #pending: Pending<Waiting>;
  readonly #ring: Ring<Index>;
  #outcomes = 0;
  #tooShort = 0;

  constructor(options: DebugRingOptions<K>) {
    const settings = settingsOf(options);
    this.#settings = settings;
    this.id = settings.id;
    this.events = entriesOf(options.kinds);
    this.#kinds = new Set(options.kinds);
    this.#pending = new Pending(settings.maxTraces, settings.maxBytes);
    this.#ring = new Ring({ maxItems: settings.maxTraces, maxBytes: settings.maxBytes });
    this.metadata = {
      version: "1.0.0",
      description: `Keeps the last ${settings.maxTraces} events with their answers`,
      tags: ["builtin", "debug"],
      priority: "highest",
    };
  }

  /** Takes one event. Never answers anything but "continue". */
  on(event: SeenEvent, context: EventNames): undefined {
    const asked = askedOf(event);
    this.#pending.add(
      context.eventId,
      { facts: factsOf(event, context), asked },
      JSON.stringify(asked).length,
    );
    return undefined;
  }

  /** Takes one outcome: what `follow` gives to `host.on("outcome")`. */
  readonly outcome = (outcome: SeenOutcome): void => {
    if (!this.#kinds.has(outcome.kind)) return;
    const waiting = this.#pending.take(outcome.eventId);
    this.#outcomes += 1;
    const { minDurationMs, wallMs } = this.#settings;
    if (outcome.durationMs < minDurationMs) {
      this.#tooShort += 1;
      return;
    }
    const trace = traceOf(outcome, waiting?.facts, waiting?.asked, wallMs());
    const { kind, tool, component, session, action, atMs, durationMs } = trace;
    this.#ring.add(JSON.stringify(trace), { kind, tool, component, session, action, atMs, durationMs });
  };

  /** Keeps events of a host and their outcomes until the function that this resolves with is called. */
  async follow(host: FollowedHost<DebugRing<K>>): Promise<() => Promise<void>> {
    return followBoth(host, this, this.outcome);
  }

  /** Finds traces: the newest that fit, the oldest of them first. Throws a TypeError for conditions that make no sense. */
  traces(query: TraceQuery = {}): Trace[] {
    checkQuery(query);
    const { limit = 100, since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
    const { kind, component, tool, session, action } = query;
    const is = (wanted: string | undefined, value: string | null): boolean =>
      wanted === undefined || wanted === value;
    const found = this.#ring.newest(
      limit,
      (one) =>
        is(kind, one.kind) &&
        is(tool, one.tool) &&
        is(session, one.session) &&
        is(action, one.action) &&
        (is(component, one.component) || one.component?.endsWith(` ${component}`) === true) &&
        one.atMs >= since &&
        one.atMs <= until,
    );
    return found.map((text) => JSON.parse(text) as Trace);
  }

  /** Returns numbers about what is kept and what is not. */
  statistics(): DebugRingStatistics {
    const { size, bytes, dropped, tooLarge } = this.#ring;
    return {
      kept: size,
      bytes,
      outcomes: this.#outcomes,
      dropped,
      tooShort: this.#tooShort,
      tooLarge,
      pending: this.#pending.size,
      lost: this.#pending.lost,
      kinds: statisticsOf(this.#ring.indexes()),
    };
  }

  /** Forgets all traces. Counts go on. */
  clear(): void {
    this.#ring.clear();
  }
}

/** Makes a ring of what was asked and answered. Throws a TypeError for options that make no sense. */
export function debugRing<const K extends string>(options: DebugRingOptions<K>): DebugRing<K> {
  return new DebugRing(options);
}
