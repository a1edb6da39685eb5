import { FrameReader } from "../framing/frame-reader.js";
import type { FrameProblem } from "../framing/reader-options.js";
import { FrameWriter, type FrameSink, type SendResult } from "../framing/frame-writer.js";
import { MAX_OUTBOUND_BODY_BYTES } from "../framing/limits.js";

/** Receives what arrives at one end of a pair, in order. */
export interface InMemoryListener {
  onMessage(message: unknown): void;
  /** Text that stood outside of any frame. */
  onStray?(bytes: number, sample: string): void;
  onProblem?(problem: FrameProblem): void;
  /** The other end was closed; everything that it sent before has been handed out. */
  onClose?(): void;
}

/** One end of a linked pair. */
export interface InMemoryEnd {
  /** Frames a serialised message and hands its bytes to the other end, in a later microtask. */
  send(body: string): SendResult;
  /** Hands over bytes as they are: to play a peer that prints, lies about lengths or stops in the middle. */
  write(bytes: Buffer | string): void;
  /** Sets who receives. What arrived earlier waits for it. Replaces an earlier listener. */
  listen(listener: InMemoryListener): void;
  /** Ends both directions. Sending afterwards returns "closed". Closing twice does nothing. */
  close(): void;
}

/** Bounds and fragmentation of a pair in memory. */
export interface InMemoryPairOptions {
  /** Sizes in bytes of the pieces that the bytes arrive in, used in turn. Default: as they were written. */
  splitAt?: readonly number[];
  /** Largest body that the first and the second end may send. Default: 32 MiB each. */
  maxBodyBytes?: readonly [number, number];
}

/**
 * Two linked ends that talk through the real framing code, without processes or streams. Delivers in order and
 * never within the call that sends. Has no back pressure: use a real process to test that.
 * Throws a RangeError when a split size is not a positive whole number.
 */
export function createInMemoryPair(options: InMemoryPairOptions = {}): [InMemoryEnd, InMemoryEnd] {
  const sizes = options.splitAt ?? [];
  if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError("splitAt needs positive whole numbers");
  }
  const [fromFirst, fromSecond] = options.maxBodyBytes ?? [MAX_OUTBOUND_BODY_BYTES, MAX_OUTBOUND_BODY_BYTES];
  const toSecond = new Pipe(sizes, fromFirst);
  const toFirst = new Pipe(sizes, fromSecond);
  const close = (): void => {
    toSecond.close();
    toFirst.close();
  };
  return [endOf(toFirst, toSecond, close), endOf(toSecond, toFirst, close)];
}

function endOf(incoming: Pipe, outgoing: Pipe, close: () => void): InMemoryEnd {
  const sink: FrameSink = {
    get writable() {
      return !outgoing.closed;
    },
    writableLength: 0,
    write: (text, encoding) => outgoing.write(Buffer.from(text, encoding)),
  };
  const writer = new FrameWriter(sink, { maxBodyBytes: outgoing.maxBodyBytes });
  return {
    send: (body) => writer.send(body),
    write: (bytes) => void outgoing.write(typeof bytes === "string" ? Buffer.from(bytes) : bytes),
    listen: (listener) => incoming.listen(listener),
    close,
  };
}

/** One direction. */
class Pipe {
  closed = false;
  readonly maxBodyBytes: number;
  readonly #sizes: readonly number[];
  readonly #reader: FrameReader;
  #next = 0;
  #waiting: Buffer[] = [];
  #listener: InMemoryListener | undefined;
  #scheduled = false;
  #closeTold = false;

  constructor(sizes: readonly number[], maxBodyBytes: number) {
    this.#sizes = sizes;
    this.maxBodyBytes = maxBodyBytes;
    this.#reader = new FrameReader({
      maxBodyBytes,
      onMessage: (message) => this.#listener?.onMessage(message),
      onStray: (bytes, sample) => this.#listener?.onStray?.(bytes, sample),
      onProblem: (problem) => this.#listener?.onProblem?.(problem),
    });
  }

  write(bytes: Buffer): boolean {
    if (this.closed) return false;
    this.#waiting.push(bytes);
    this.#schedule();
    return true;
  }

  listen(listener: InMemoryListener): void {
    this.#listener = listener;
    this.#schedule();
  }

  close(): void {
    this.closed = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || !this.#listener) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    this.#scheduled = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const bytes of waiting) for (const piece of this.#pieces(bytes)) this.#reader.push(piece);
    if (!this.closed || this.#closeTold || this.#waiting.length > 0) return;
    this.#closeTold = true;
    this.#listener?.onClose?.();
  }

  *#pieces(bytes: Buffer): Generator<Buffer> {
    for (let at = 0; at < bytes.length;) {
      const size = this.#sizes[this.#next % this.#sizes.length] ?? bytes.length;
      this.#next += 1;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
}
