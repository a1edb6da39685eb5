import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import { Listeners } from "../listeners.js";
import type { Logger } from "../logger.js";
import type { Extension } from "./extension.js";
import { RequestFailure } from "../transport/rpc/inbound-requests.js";

/** Answers one request of an extension: returns the result, or throws a RequestFailure. */
export type InboundHandler = (from: Extension, params: unknown) => unknown;

/**
 * Sees one notification of an extension, while the pipe is read: a listener must be quick and keep little. `inexact`:
 * JSON pointers of integers in the parameters whose digits were lost in parsing.
 */
export type InboundListener = (from: Extension, params: unknown, inexact: readonly string[]) => void;

/** Everything that extensions ask or tell the host by themselves, by method. */
export class Inbound {
  readonly #handlers = new Map<string, InboundHandler>();
  readonly #listeners = new Map<string, Listeners<[Extension, unknown, readonly string[]]>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Declares the one handler of a method. */
  answer(method: string, handler: InboundHandler): void {
    if (this.#handlers.has(method)) throw new Error(`two parts of the host answer '${method}'`);
    this.#handlers.set(method, handler);
  }

  /** Listens to a notification. Returns how to stop listening. */
  listen(method: string, listener: InboundListener): () => void {
    const listeners = this.#listeners.get(method) ?? new Listeners(this.#logger, `'${method}'`);
    this.#listeners.set(method, listeners);
    return listeners.listen(listener);
  }

  request(from: Extension, method: string, params: unknown): unknown {
    const handler = this.#handlers.get(method);
    if (!handler) throw new RequestFailure(WIRE_ERRORS.method_not_found, `method not found: ${method}`);
    return handler(from, params);
  }

  /** Hands a notification to its listeners. A notification that nobody listens to is ignored, as the reference does. */
  notify(from: Extension, method: string, params: unknown, inexact: readonly string[] = []): void {
    this.#listeners.get(method)?.tell(from, params, inexact);
  }
}
