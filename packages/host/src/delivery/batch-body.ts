import type { SentEvent } from "./sent-event.js";
import { SharedParams } from "../transport/rpc/shared-params.js";

const HEAD = '{"events":[';
const TAIL = "]}";
const COMMA = 0x2c;
/** Bytes per UTF-16 code unit in UTF-8, at most. */
const MOST_BYTES = 3;
/** Room for a batch of the usual size; grows when it is not enough. */
const START_BYTES = 64 * 1024;

/**
 * The parameters of one `hook.batch` as bytes. Written event by event: joining them as text and encoding that costs
 * twice as much.
 */
export class BatchBody {
  #bytes: Buffer;
  #length: number;
  #events = 0;

  /** `spare`: the memory of an earlier batch that nobody reads any more. New memory costs more than all the writing. */
  constructor(spare: Buffer | undefined) {
    this.#bytes = spare ?? Buffer.allocUnsafeSlow(START_BYTES);
    this.#length = this.#bytes.write(HEAD, "latin1");
  }

  /** The memory, for another batch once this one was answered. */
  get memory(): Buffer {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  add(event: SentEvent, withMeta: boolean, deadlineMs: number): void {
    const { text } = event;
    const tail = withMeta ? event.metaTail(deadlineMs, 1) : "";
    const bytes = Buffer.byteLength(text);
    this.#reserve(bytes + tail.length * MOST_BYTES + 1);
    if (this.#events > 0) this.#bytes[this.#length++] = COMMA;
    // Text of single bytes is copied; anything else has to be encoded.
    this.#length += this.#bytes.write(text, this.#length, bytes === text.length ? "latin1" : "utf8");
    // The rest takes the place of the brace that ends the envelope.
    if (withMeta) this.#length += this.#bytes.write(tail, this.#length - 1, "utf8") - 1;
    this.#events += 1;
  }

  params(): SharedParams {
    return new SharedParams(this.#bytes.subarray(0, this.#length), TAIL);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
