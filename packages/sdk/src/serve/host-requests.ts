import { ExtensionError } from "../errors.js";
import type { SendResult } from "../framing/frame-writer.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import type { JsonValue } from "../protocol/json.js";
import type { IncomingMessage } from "../protocol/messages.js";

interface Pending {
  resolve(result: JsonValue): void;
  reject(error: ExtensionError): void;
}

/** What an extension asks and tells its host by itself. */
export class HostRequests {
  readonly #send: (body: string) => SendResult;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #closed = false;

  constructor(send: (body: string) => SendResult) {
    this.#send = send;
  }

  /** Resolves with the host's answer. Rejects with an ExtensionError: its error, or why it could not be asked. */
  request(method: string, params: JsonValue): Promise<JsonValue> {
    if (this.#closed) return Promise.reject(unanswered(method, "the conversation is over"));
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      const sent = this.#send(JSON.stringify({ jsonrpc: "2.0", method, params, id }));
      if (sent === "sent") this.#pending.set(id, { resolve, reject });
      else reject(unanswered(method, `it was not sent: ${sent}`));
    });
  }

  /** Tells the host something. There is no answer, and no telling whether it listens. */
  notify(method: string, params: JsonValue): void {
    this.#send(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }

  receive({ id, result, error }: Extract<IncomingMessage, { type: "response" }>): void {
    if (typeof id !== "number") return;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) pending?.reject(new ExtensionError(error.message, { code: error.code, data: error.data }));
    else pending?.resolve(result as JsonValue);
  }

  /** Rejects what still waits. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#pending.values())
      reject(unanswered("request", "the conversation is over"));
    this.#pending.clear();
  }
}

function unanswered(method: string, why: string): ExtensionError {
  return new ExtensionError(`the host did not answer '${method}': ${why}`, { code: WIRE_ERRORS.cancelled });
}
