import type { Writable } from "node:stream";
import { FrameWriter, type SendResult } from "@synaps/sdk/framing";
import { AbstractMessageWriter, type Message, type MessageWriter } from "vscode-jsonrpc/node";
import { RawParams } from "./raw-params.js";

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

/**
 * Writes the library's messages as single frames, as the reference writes them: keys in its order, request ids from
 * 1 (the library counts from 0), and parameters that are already text as they are.
 */
export class SingleWriteMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #frames: FrameWriter;

  constructor(stdin: Writable) {
    super();
    this.#frames = new FrameWriter(stdin);
  }

  write(message: OutgoingMessage): Promise<void> {
    const result = this.#frames.send(serialise(message));
    return result === "sent" ? Promise.resolve() : Promise.reject(new Error(NOT_SENT + result));
  }

  end(): void {}
}

function serialise(message: OutgoingMessage): string {
  const { method, params, id } = message;
  // What the host answers to an extension's request needs no change.
  if (method === undefined) return JSON.stringify(message);
  const head = `{"jsonrpc":"2.0","method":${JSON.stringify(method)}`;
  if (id === undefined) return `${head},"params":${paramsText(cancelParams(method, params))}}`;
  return `${head},"params":${paramsText(params)},"id":${Number(id) + 1}}`;
}

function paramsText(params: unknown): string {
  return params instanceof RawParams ? params.text : (JSON.stringify(params) ?? "null");
}

function cancelParams(method: string, params: unknown): unknown {
  if (method !== "$/cancelRequest") return params;
  return { id: Number((params as { id: number }).id) + 1 };
}
