import type { FrameWriter } from "@synaps/sdk/framing";
import { WIRE_ERRORS, type RequestId } from "@synaps/sdk/protocol";
import { messageOf } from "../../errors.js";

/** An answer to an extension's request that is an error. Its message is the extension's to read: no secret in it. */
export class RequestFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers a request of an extension; a RequestFailure becomes its error. */
export type RequestHandler = (method: string, params: unknown) => unknown;

/** Requests of one process that may be open at a time. More are refused, so that a flood costs no memory. */
const MAX_OPEN = 256;

/** Answers what an extension asks the host. Answers may overtake each other. */
export class InboundRequests {
  readonly #frames: FrameWriter;
  readonly #handler: RequestHandler;
  readonly #onAnswered: () => void;
  #open = 0;

  /** `onAnswered` is told when the last open request was answered. */
  constructor(frames: FrameWriter, handler: RequestHandler, onAnswered: () => void) {
    this.#frames = frames;
    this.#handler = handler;
    this.#onAnswered = onAnswered;
  }

  /** Requests that were not answered yet. */
  get open(): number {
    return this.#open;
  }

  handle(id: RequestId, method: string, params: unknown, inexact: readonly string[]): void {
    if (this.#open >= MAX_OPEN) {
      const told = `too many requests at a time: at most ${MAX_OPEN}`;
      return this.#fail(id, new RequestFailure(WIRE_ERRORS.overloaded, told));
    }
    const [pointer] = inexact;
    if (pointer !== undefined) {
      const told = `the integer at '${pointer.slice(0, 200)}' is beyond 2^53: send its digits as a string`;
      return this.#fail(id, new RequestFailure(WIRE_ERRORS.invalid_params, told));
    }
    this.#open += 1;
    void this.#serve(id, method, params).finally(() => {
      this.#open -= 1;
      if (this.#open === 0) this.#onAnswered();
    });
  }

  async #serve(id: RequestId, method: string, params: unknown): Promise<void> {
    try {
      const result = JSON.stringify((await this.#handler(method, params)) ?? null);
      const sent = this.#frames.send(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`);
      if (sent === "too_large" || sent === "full") {
        this.#fail(id, new RequestFailure(WIRE_ERRORS.overloaded, `the answer was not sent: ${sent}`));
      }
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #fail(id: RequestId, error: unknown): void {
    const code = error instanceof RequestFailure ? error.code : WIRE_ERRORS.internal_error;
    const message = messageOf(error);
    this.#frames.send(JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } }));
  }
}
