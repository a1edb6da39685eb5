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

/** Requests of one process that may be under way at a time. More are refused, so that a flood costs no memory. */
const MAX_UNDER_WAY = 256;

/** Answers what an extension asks the host. Answers may overtake each other. */
export class InboundRequests {
  readonly #frames: FrameWriter;
  readonly #handler: RequestHandler;
  readonly #onAnswered: () => void;
  #underWay = 0;

  constructor(frames: FrameWriter, handler: RequestHandler, onAnswered: () => void) {
    this.#frames = frames;
    this.#onAnswered = onAnswered;
    this.#handler = handler;
  }

  handle(id: RequestId, method: string, params: unknown): void {
    if (this.#underWay >= MAX_UNDER_WAY) {
      const told = `too many requests at a time: at most ${MAX_UNDER_WAY}`;
      return this.#fail(id, new RequestFailure(WIRE_ERRORS.overloaded, told));
    }
    this.#underWay += 1;
    void this.#serve(id, method, params).finally(() => {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onAnswered();
    });
  }

  /** Requests that were not answered yet. */
  get open(): number {
    return this.#underWay;
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
