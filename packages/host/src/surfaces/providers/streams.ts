import { isJsonObject } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import type { Logger } from "../../logger.js";
import { parseStreamEvent } from "./stream-event.js";
import type { StreamEvent } from "./provider-types.js";

interface OpenStream {
  extension: Extension;
  sink(event: StreamEvent): void;
  done: boolean;
  malformed: number;
}

/** Takes stream events to the stream that they belong to. Called by the reader of an extension's output: never waits. */
export class Streams {
  readonly #logger: Logger;
  readonly #open = new Map<string, OpenStream>();
  readonly #turns = new Map<Extension, Promise<unknown>>();
  #last = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Begins a stream; `token` is what the extension names it by, where it can. `close` says how many made no sense. */
  open(extension: Extension, sink: (event: StreamEvent) => void): { token: string; close(): number } {
    this.#last += 1;
    const token = String(this.#last);
    const one = { extension, sink, done: false, malformed: 0 };
    this.#open.set(token, one);
    return {
      token,
      close: () => {
        this.#open.delete(token);
        return one.malformed;
      },
    };
  }

  /** Runs one stream after the other for an extension whose events do not say which stream they belong to. */
  async inTurn<T>(extension: Extension, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(extension) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    this.#turns.set(extension, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(extension) === settled) this.#turns.delete(extension);
    }
  }

  receive(from: Extension, params: unknown): void {
    const stream = this.#streamOf(from, params);
    // After `done` nothing belongs to the stream any more.
    if (!stream || stream.done) return;
    const event = parseStreamEvent(params);
    if (event) {
      stream.done = event.type === "done";
      stream.sink(event);
      return;
    }
    stream.malformed += 1;
    // The 1st, the 10th, the 100th: a flood of garbage must not become a flood of warnings.
    if (/^10*$/.test(String(stream.malformed)))
      this.#logger.warn("a stream event was skipped: it makes no sense", {
        extension: from.id,
        count: stream.malformed,
      });
  }

  /** By its token; without one, the only stream that the extension has. */
  #streamOf(from: Extension, params: unknown): OpenStream | undefined {
    const token = isJsonObject(params) ? params["token"] : undefined;
    if (typeof token === "string") {
      const named = this.#open.get(token);
      return named?.extension === from ? named : undefined;
    }
    const own = [...this.#open.values()].filter(({ extension }) => extension === from);
    return own.length === 1 ? own[0] : undefined;
  }
}
