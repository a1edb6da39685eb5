import type { FrameWriter, SendResult } from "@synaps/sdk/framing";
import { AbstractMessageWriter, type Message, type MessageWriter } from "vscode-jsonrpc/node";
import { RawParams } from "./raw-params.js";
import type { RequestTable } from "./request-table.js";

interface OutgoingMessage extends Message {
  id?: string | number | null;
  method?: string;
  params?: unknown;
}

const NOT_SENT = "not_sent:";

/** The library keeps only the message of an error from the writer, so the reason travels in it. */
export function notSentReason(message: string): SendResult | undefined {
  return message.startsWith(NOT_SENT) ? (message.slice(NOT_SENT.length) as SendResult) : undefined;
}

/** One request as the reference writes it: these keys, in this order. */
export function requestText(method: string, params: string, id: number): string {
  return `{"jsonrpc":"2.0","method":"${method}","params":${params},"id":${id}}`;
}

/** Writes the library's messages as single frames, with request numbers from the table instead of its own. */
export class SingleWriteMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #frames: FrameWriter;
  readonly #requests: RequestTable;

  constructor(frames: FrameWriter, requests: RequestTable) {
    super();
    this.#frames = frames;
    this.#requests = requests;
  }

  write(message: OutgoingMessage): Promise<void> {
    const result = this.#frames.send(this.#serialise(message));
    return result === "sent" ? Promise.resolve() : Promise.reject(new Error(NOT_SENT + result));
  }

  end(): void {}

  #serialise(message: OutgoingMessage): string {
    const { method, params, id } = message;
    // What the host answers to an extension's request needs no change, and it sends no notification this way.
    if (method === undefined || typeof id !== "number") return JSON.stringify(message);
    const text = params instanceof RawParams ? params.text : (JSON.stringify(params) ?? "null");
    return requestText(method, text, this.#requests.add(id));
  }
}
