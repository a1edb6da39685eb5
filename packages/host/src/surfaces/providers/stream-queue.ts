import type { StreamEvent } from "./provider-types.js";

/** Events and text that wait for whoever reads a stream, in events and UTF-16 units. */
const MAX_EVENTS = 1_024;
const MAX_TEXT = 1024 * 1024;
/** Kept free for what is not text: tool requests, usage, errors and the end. */
const RESERVED_EVENTS = 64;

/**
 * The events of one stream between the reader of the extension's output, which never waits, and whoever takes them.
 * Text that waits is joined; beyond the bound, events are dropped, and the next one says how many.
 */
export class StreamQueue implements AsyncIterableIterator<StreamEvent> {
  #events: StreamEvent[] = [];
  #text = 0;
  #dropped = 0;
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  push(event: StreamEvent): void {
    if (this.#ended) return;
    const size = sizeOf(event);
    const reserve = event.type === "text" || event.type === "thinking" ? 0 : RESERVED_EVENTS;
    if (
      this.#text + size > MAX_TEXT ||
      (this.#events.length >= MAX_EVENTS + reserve && !this.#joins(event))
    ) {
      this.#dropped += 1;
      return;
    }
    this.#text += size;
    if (this.#joins(event)) this.#join(event);
    else this.#add(event);
    this.#wake?.();
  }

  /** No more events come; the reader sees the error, if there is one, after those that wait. */
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
    const event = this.#events.shift();
    if (event) {
      this.#text -= sizeOf(event);
      return { done: false, value: event };
    }
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  /** The reader leaves: what waits and what comes is thrown away. */
  return(): Promise<IteratorResult<StreamEvent, undefined>> {
    this.end();
    this.#events = [];
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #joins(event: StreamEvent): boolean {
    const last = this.#events.at(-1);
    return (
      this.#dropped === 0 && last?.type === event.type && (event.type === "text" || event.type === "thinking")
    );
  }

  #join(event: StreamEvent): void {
    const last = this.#events.pop();
    if (last && "text" in last && "text" in event)
      this.#events.push({ ...last, text: last.text + event.text });
  }

  #add(event: StreamEvent): void {
    this.#events.push(this.#dropped === 0 ? event : { ...event, dropped: this.#dropped });
    this.#dropped = 0;
  }
}

function sizeOf(event: StreamEvent): number {
  switch (event.type) {
    case "text":
    case "thinking":
      return event.text.length;
    case "tool_use":
      return JSON.stringify(event.input).length;
    case "usage":
      return JSON.stringify(event.usage).length;
    case "error":
      return event.message.length;
    case "done":
      return 0;
  }
}
