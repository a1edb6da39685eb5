import type { Completion, StreamEvent } from "./provider-types.js";
import { StreamQueue } from "./stream-queue.js";

/**
 * A completion under way. Iterate it for its events; whoever is slow gets text joined and, beyond a bound, fewer
 * events, never a slower provider. To stop iterating is no cancellation: the result comes all the same.
 */
export class ProviderStream implements AsyncIterable<StreamEvent> {
  /** What a completion resolves to, once the provider has ended. Rejects with a HostError. */
  readonly result: Promise<Completion>;
  readonly #queue = new StreamQueue();

  constructor(run: (sink: (event: StreamEvent) => void) => Promise<Completion>) {
    this.result = run((event) => this.#queue.push(event));
    // Whoever only iterates learns of the error there.
    this.result.then(
      () => this.#queue.end(),
      (error: unknown) => this.#queue.end(error),
    );
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent> {
    return this.#queue;
  }
}
