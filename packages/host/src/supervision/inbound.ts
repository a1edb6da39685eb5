import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import type { Extension } from "./extension.js";
import { RequestFailure } from "../transport/rpc/inbound-requests.js";

/** Answers one request of an extension: returns its result, or throws a RequestFailure. */
export type InboundHandler = (from: Extension, params: unknown) => unknown;

/** Sees one notification of an extension. Called while it is read: it must be quick, and bounded in what it keeps. */
export type InboundListener = (from: Extension, params: unknown) => void;

/** Everything that extensions ask or tell the host by themselves, by method. */
export class Inbound {
  readonly #handlers = new Map<string, InboundHandler>();
  readonly #listeners = new Map<string, Set<InboundListener>>();

  /** Declares who answers a method. There is one for each. */
  answer(method: string, handler: InboundHandler): void {
    if (this.#handlers.has(method)) throw new Error(`two parts of the host answer '${method}'`);
    this.#handlers.set(method, handler);
  }

  /** Listens to a notification. Returns how to stop that. */
  listen(method: string, listener: InboundListener): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  request(from: Extension, method: string, params: unknown): unknown {
    const handler = this.#handlers.get(method);
    if (!handler) throw new RequestFailure(WIRE_ERRORS.method_not_found, `method not found: ${method}`);
    return handler(from, params);
  }

  /** Hands a notification to those who listen. Unknown ones are ignored, as the reference does. */
  notify(from: Extension, method: string, params: unknown): void {
    for (const listener of this.#listeners.get(method) ?? []) listener(from, params);
  }
}
