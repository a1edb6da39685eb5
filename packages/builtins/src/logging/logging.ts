import {
  entriesOf,
  type BuiltInMetadata,
  type EntryOf,
  type EventNames,
  type SeenEvent,
  type SeenOutcome,
  type SeenVote,
} from "../hook-types.js";
import { peerOf } from "../peer.js";
import { factsOf, nameOf, saidOf } from "../watch/facts.js";
import { followBoth, type FollowedHost } from "../watch/follow.js";
import { Pending } from "../watch/pending.js";
import { dataOf, namesOf } from "./carried.js";
import { higher, levelOfEvent, levelOfOutcome } from "./level-of.js";
import {
  settingsOf,
  type LineFields,
  type LoggingOptions,
  type LoggingSettings,
  type LogLevel,
} from "./options.js";

/** Counts of the lines since the hook was made. */
export interface LoggingCounts {
  readonly written: number;
  /** Lines that the logger threw for. */
  readonly failed: number;
}

/** Events that may wait for their outcome: more than a busy host has under way. */
const MOST_PENDING = 10_000;
/** Bytes of what is kept of them. */
const MOST_PENDING_BYTES = 4 * 1024 * 1024;

interface Waiting {
  readonly level: LogLevel;
  readonly fields: LineFields;
}

/**
 * The hook of `logging`: one line for each event. With `host.use` a line is written when the event comes; with `follow` when
 * its outcome is known, with the action, who decided and how long it took.
 */
export class Logging<K extends string = string> {
  readonly id: string;
  readonly metadata: BuiltInMetadata;
  readonly events: readonly EntryOf<K>[];
  readonly #settings: LoggingSettings;
  readonly #kinds: ReadonlySet<string>;
  readonly #pending = new Pending<Waiting>(MOST_PENDING, MOST_PENDING_BYTES);
  #isFollowing = false;
  #written = 0;
  #failed = 0;

  constructor(options: LoggingOptions<K>) {
    this.#settings = settingsOf(options);
    this.id = this.#settings.id;
    this.events = entriesOf(options.kinds);
    this.#kinds = new Set(options.kinds);
    this.metadata = {
      version: "1.0.0",
      description: "Writes a line for each event",
      tags: ["builtin", "logging"],
      priority: "highest",
    };
  }

  /** Takes one event. Never answers anything but "continue". */
  on(event: SeenEvent, context: EventNames): undefined {
    this.#write("debug", `[hooks] Invoking ${event.kind} hook for ${whomOf(event)}`, {
      event: context.eventId,
    });
    const waiting = { level: levelOfEvent(event), fields: this.#fieldsOf(event, context) };
    if (this.#isFollowing) this.#pending.add(context.eventId, waiting, JSON.stringify(waiting.fields).length);
    else this.#write(waiting.level, `[hooks] ${event.kind}`, waiting.fields);
    return undefined;
  }

  /** Takes one outcome: what `follow` gives to `host.on("outcome")`. */
  readonly outcome = (outcome: SeenOutcome): void => {
    if (!this.#kinds.has(outcome.kind)) return;
    const { level, fields }: Waiting = this.#pending.take(outcome.eventId) ?? { level: "info", fields: {} };
    for (const vote of outcome.votes) if (vote.extension !== this.id) this.#writeVote(vote, outcome.eventId);
    this.#write(higher(level, levelOfOutcome(outcome)), `[hooks] ${outcome.kind}: ${outcome.action}`, {
      ...fields,
      ...decidedBy(outcome),
      duration_ms: Math.round(outcome.durationMs * 1_000) / 1_000,
    });
  };

  /** Writes lines for a host, with outcomes, until the function that this resolves with is called. */
  async follow(host: FollowedHost<Logging<K>>): Promise<() => Promise<void>> {
    this.#isFollowing = true;
    return followBoth(host, this, this.outcome);
  }

  /** Returns counts since the hook was made. */
  counts(): LoggingCounts {
    return { written: this.#written, failed: this.#failed };
  }

  #writeVote(vote: SeenVote, eventId: string | undefined): void {
    const said = saidOf(vote);
    const returned =
      vote.status === "voted"
        ? `returned ${said.charAt(0).toUpperCase()}${said.slice(1)}`
        : `gave no answer: ${said}`;
    this.#write("debug", `[hooks] Hook '${vote.extension}' ${returned}`, { event: eventId ?? null });
  }

  #fieldsOf(event: SeenEvent, context: EventNames): LineFields {
    const { eventId, tool, component, session, correlation } = factsOf(event, context);
    const { includeData, maxDataBytes } = this.#settings;
    const named = { tool, component, session, correlation };
    return {
      event: eventId,
      ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== null)),
      ...(includeData ? dataOf(event, maxDataBytes) : namesOf(event)),
    };
  }

  #write(level: LogLevel, message: string, fields: LineFields): void {
    const { logger, level: least } = this.#settings;
    if (higher(level, least) !== level) return;
    // A line is no reason to lose an event; the count says that lines are missing.
    const failed = (): void => void (this.#failed += 1);
    try {
      const result: unknown = logger[level](message, { hook: this.id, ...fields });
      this.#written += 1;
      if (result instanceof Promise) result.catch(failed);
    } catch {
      failed();
    }
  }
}

/**
 * Makes a hook that writes a line for each event: kind, tool, component, session, correlation, and the names of what it
 * carries. Throws a TypeError for options that make no sense.
 */
export function logging<const K extends string>(options: LoggingOptions<K>): Logging<K> {
  return new Logging(options);
}

/** The peer, else the tool, else the session. */
function whomOf(event: SeenEvent): string {
  const whom = peerOf(event) ?? event.tool_name ?? event.session_id;
  return typeof whom === "string" ? nameOf(whom) : "the program";
}

function decidedBy(outcome: SeenOutcome): LineFields {
  const by: unknown = Reflect.get(outcome, "by");
  return typeof by === "string" ? { by } : {};
}
