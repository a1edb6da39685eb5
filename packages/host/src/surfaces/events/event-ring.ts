import { topicMatches, type JsonValue } from "@synaps/sdk/protocol";

/** Text of the events that are kept, in UTF-16 code units. */
const MAX_TEXT = 8 * 1024 * 1024;

/** A raised event as the host keeps it: its data as JSON, which nobody can change any more. */
export interface KeptEvent {
  readonly topic: string;
  readonly text: string;
  readonly from: string;
  readonly at: number;
  readonly hops: number;
}

/** A raised event as programs see it. `data` is a copy. */
export interface PublishedEvent {
  readonly topic: string;
  readonly data: JsonValue;
  /** Id of the extension or hook that raised it; `program` for the program, `host` for the host itself. */
  readonly from: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Number of handlers that it came through, each raising the next one. */
  readonly hops: number;
}

/** Conditions of `events.query`: all that are given must hold. */
export interface EventQuery {
  /** A topic, or a glob: `*` for any part of one name, `**` for any number of names. */
  topic?: string;
  from?: string;
  /** Milliseconds since the Unix epoch: events from then on. */
  since?: number;
  /** The newest of those that fit. Default 100. */
  limit?: number;
}

/** Default of `limit`. */
const USUAL_LIMIT = 100;

export function seen({ topic, text, from, at, hops }: KeptEvent): PublishedEvent {
  return { topic, data: JSON.parse(text) as JsonValue, from, at, hops };
}

/** The last events that were raised, bounded by number and text: the oldest ones make room. */
export class EventRing {
  readonly #most: number;
  #events: KeptEvent[] = [];
  #first = 0;
  #text = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(event: KeptEvent): void {
    this.#events.push(event);
    this.#text += event.text.length;
    while (this.#events.length - this.#first > this.#most || this.#text > MAX_TEXT) {
      this.#text -= this.#events[this.#first]?.text.length ?? 0;
      this.#first += 1;
    }
    // Cut now and then: a shift for each event would move all of them.
    if (this.#first < this.#most) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }

  /** The newest events that fit, oldest first. */
  query({ topic, from, since, limit = USUAL_LIMIT }: EventQuery): PublishedEvent[] {
    const fitting: KeptEvent[] = [];
    for (let n = this.#events.length - 1; n >= this.#first && fitting.length < limit; n -= 1) {
      const event = this.#events[n] as KeptEvent;
      if (topic !== undefined && !topicMatches(topic, event.topic)) continue;
      if ((from !== undefined && from !== event.from) || (since !== undefined && event.at < since)) continue;
      fitting.push(event);
    }
    return fitting.reverse().map(seen);
  }
}
