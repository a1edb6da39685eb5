import { MAX_OUTBOUND_BODY_BYTES, MAX_QUEUED_BYTES } from "./limits.js";

/** The part of a Node writable stream that the writer needs. */
export interface FrameSink {
  readonly writableLength: number;
  readonly writable: boolean;
  write(chunk: string, encoding: BufferEncoding): boolean;
}

/** A sink that can also take bytes, and several pieces in one system call. */
export interface PieceSink extends FrameSink {
  write(chunk: string | Uint8Array, encoding?: BufferEncoding): boolean;
  cork(): void;
  uncork(): void;
}

/**
 * What became of a message. `sent`: handed to the stream, which is no proof that the peer read it. After the others
 * nothing was written: `too_large` is over `maxBodyBytes`, `full` over `maxQueuedBytes`, `closed` after the end.
 */
export type SendResult = "sent" | "too_large" | "full" | "closed";

/** Bounds of a FrameWriter. Defaults are the limits of this protocol. */
export interface FrameWriterOptions {
  /** Default 32 MiB. */
  maxBodyBytes?: number;
  /** Bytes that may wait in the stream for a peer that does not read. Default 64 MiB. */
  maxQueuedBytes?: number;
  /**
   * Whether all messages of one turn of the event loop go out in one write. Costs a single message nothing, and
   * makes many at a time about a quarter cheaper. Default false: each message is written at once.
   */
  coalesce?: boolean;
}

/** One frame as text, and the encoding in which its bytes are right. */
export function encodeFrame(body: string): { text: string; encoding: BufferEncoding; bytes: number } {
  const bytes = Buffer.byteLength(body);
  // latin1 skips the UTF-8 encoder; right only when every character is a single byte.
  return {
    text: `Content-Length: ${bytes}\r\n\r\n${body}`,
    encoding: bytes === body.length ? "latin1" : "utf8",
    bytes,
  };
}

/** What is collected of one turn at the most; a pipe takes 64 KiB at a time. */
const MAX_COALESCED_BYTES = 64 * 1024;

/** Writes each message with a single write, so that two writers never interleave and a frame costs one system call. */
export class FrameWriter<S extends FrameSink = FrameSink> {
  readonly #sink: S;
  readonly #maxBody: number;
  readonly #maxQueued: number;
  readonly #coalesce: boolean;
  #collected = "";
  #collectedBytes = 0;
  #collectedEncoding: BufferEncoding = "latin1";
  readonly #flush = (): void => this.flush();

  constructor(sink: S, options: FrameWriterOptions = {}) {
    this.#sink = sink;
    this.#maxBody = options.maxBodyBytes ?? MAX_OUTBOUND_BODY_BYTES;
    this.#maxQueued = options.maxQueuedBytes ?? MAX_QUEUED_BYTES;
    this.#coalesce = options.coalesce ?? false;
  }

  /** Sends a serialised message, or says why it did not. Never waits and never throws for a closed stream. */
  send(body: string): SendResult {
    const { text, encoding, bytes } = encodeFrame(body);
    const refused = this.#refuses(bytes);
    if (refused) return refused;
    if (this.#coalesce && bytes < MAX_COALESCED_BYTES) {
      this.#collect(text, encoding, bytes);
    } else {
      this.flush();
      this.#sink.write(text, encoding);
    }
    return "sent";
  }

  /**
   * Sends a message whose middle is there as bytes, which are not copied: a large event goes to many. The rules are
   * those of `send`.
   */
  sendPieces(this: FrameWriter<PieceSink>, head: string, middle: Uint8Array, tail: string): SendResult {
    const bytes = Buffer.byteLength(head) + middle.length + Buffer.byteLength(tail);
    const refused = this.#refuses(bytes);
    if (refused) return refused;
    this.flush();
    this.#sink.cork();
    this.#sink.write(`Content-Length: ${bytes}\r\n\r\n${head}`, "utf8");
    this.#sink.write(middle);
    this.#sink.write(tail, "utf8");
    this.#sink.uncork();
    return "sent";
  }

  /** Writes what was collected. Only needed before the process ends. */
  flush(): void {
    if (this.#collectedBytes === 0) return;
    const text = this.#collected;
    const encoding = this.#collectedEncoding;
    this.#collected = "";
    this.#collectedBytes = 0;
    this.#collectedEncoding = "latin1";
    if (this.#sink.writable) this.#sink.write(text, encoding);
  }

  #refuses(bytes: number): SendResult | undefined {
    if (!this.#sink.writable) return "closed";
    if (bytes > this.#maxBody) return "too_large";
    const queued = this.#sink.writableLength + this.#collectedBytes;
    // A single large frame must always be able to start, whatever the limit.
    return queued > 0 && queued + bytes > this.#maxQueued ? "full" : undefined;
  }

  #collect(text: string, encoding: BufferEncoding, bytes: number): void {
    // After everything that is due now, before the event loop turns: no message waits for another turn.
    if (this.#collectedBytes === 0) process.nextTick(this.#flush);
    this.#collected = this.#collectedBytes === 0 ? text : this.#collected + text;
    this.#collectedBytes += bytes;
    if (encoding !== "latin1") this.#collectedEncoding = encoding;
    if (this.#collectedBytes >= MAX_COALESCED_BYTES) this.flush();
  }
}
