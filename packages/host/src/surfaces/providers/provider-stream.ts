import { jsonBytes } from "../untrusted.js";
import type { Completion, StreamEvent } from "./provider-types.js";

/**
 * A completion under way. Iterate it for its events: a slow reader gets joined text and, beyond a bound, fewer events,
 * and never slows the provider down. To stop iterating is no cancellation: the result comes all the same.
 */
export class ProviderStream implements AsyncIterable<StreamEvent> {
  /** The completion, once the provider has ended. Rejects with a HostError. */
  readonly result: Promise<Completion>;
  readonly #queue = new StreamQueue();

  constructor(run: (sink: (event: StreamEvent) => void) => Promise<Completion>) {
    this.result = run((event) => this.#queue.push(event));
    // A program that only iterates learns of the error there.
    this.result.then(
      () => this.#queue.end(),
      (error: unknown) => this.#queue.end(error),
    );
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent> {
    return this.#queue;
  }
}

/** Events and text that wait for the reader of a stream; text in UTF-16 units, other values in bytes of JSON. */
const MAX_EVENTS = 1_024;
const MAX_TEXT = 1024 * 1024;
/** Places for events other than text: tool requests, usage, errors and the end. */
const RESERVED_EVENTS = 64;

/**
 * The events of one stream between the reader of the extension's output, which never waits, and the program. Waiting
 * text is joined; beyond the bound, events are dropped, and the next event says how many.
 */
class StreamQueue implements AsyncIterableIterator<StreamEvent> {
  #events: { event: StreamEvent; size: number }[] = [];
  #text = 0;
  #dropped = 0;
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  push(event: StreamEvent): void {
    if (this.#ended) return;
    const size = sizeOf(event);
    const reserve = event.type === "text" || event.type === "thinking" ? 0 : RESERVED_EVENTS;
    // Nothing waits for a reader who keeps up: such a reader gets an event of any size.
    if (
      (this.#events.length > 0 && this.#text + size > MAX_TEXT) ||
      (this.#events.length >= MAX_EVENTS + reserve && !this.#joins(event))
    ) {
      this.#dropped += 1;
      return;
    }
    this.#text += size;
    if (this.#joins(event)) this.#join(event, size);
    else this.#add(event, size);
    this.#wake?.();
  }

  /** No more events come. The program sees the error, if there is one, after the waiting events. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<StreamEvent, undefined>> {
    while (this.#events.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const next = this.#events.shift();
    if (next) {
      this.#text -= next.size;
      return { done: false, value: next.event };
    }
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error as Error;
    return { done: true, value: undefined };
  }

  /** The program stops reading: waiting events and all further ones are dropped. */
  return(): Promise<IteratorResult<StreamEvent, undefined>> {
    this.end();
    this.#events = [];
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #joins(event: StreamEvent): boolean {
    const last = this.#events.at(-1)?.event;
    return (
      this.#dropped === 0 && last?.type === event.type && (event.type === "text" || event.type === "thinking")
    );
  }

  #join(event: StreamEvent, size: number): void {
    const last = this.#events.pop();
    if (last && "text" in last.event && "text" in event)
      this.#events.push({
        event: { ...last.event, text: last.event.text + event.text },
        size: last.size + size,
      });
  }

  #add(event: StreamEvent, size: number): void {
    this.#events.push({ event: this.#dropped === 0 ? event : { ...event, dropped: this.#dropped }, size });
    this.#dropped = 0;
  }
}

function sizeOf(event: StreamEvent): number {
  switch (event.type) {
    case "text":
    case "thinking":
      return event.text.length;
    case "tool_use":
      return jsonBytes(event.input);
    case "usage":
      return jsonBytes(event.usage);
    case "error":
      return event.message.length;
    case "done":
      return 0;
  }
}
