import { isUtf8 } from "node:buffer";
import { readHeaderLine } from "./header.js";
import { LengthLooks } from "./length-fault.js";
import { openPart, type OpenPart } from "./open-part.js";
import type { FrameReaderOptions } from "./reader-options.js";
import { PlainHeader } from "./plain-header.js";
import { isTooDeep } from "./nesting.js";
import { MAX_HEADER_BYTES, MAX_NESTING, MAX_INBOUND_BODY_BYTES, MAX_SKIPPED_BODY_BYTES } from "./limits.js";

const LF = 0x0a;
const CR = 0x0d;
/** Room for `Content-Length: ` and its digits: what may straddle a cut in an endless line. */
const LINE_TAIL_BYTES = 64;
const EMPTY = Buffer.alloc(0);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const SAMPLE_LENGTH = 200;

/**
 * Decodes `Content-Length` frames from any split of the byte stream. Holds at most one header and one body within
 * their limits, skips stray text and finds the next frame after it, and never throws. It does not check what a
 * message means.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  readonly #maxBody: number;
  readonly #maxHeader: number;
  readonly #header: PlainHeader;

  /** Bytes of the current line that came without a line end yet. */
  #line: Buffer = EMPTY;
  /** Whether the beginning of the current line was let go. */
  #lineIsCut = false;
  /** Length announced by the current header; -1 outside of one. */
  #length = -1;
  /** Bytes of header-like and blank lines before a length: unknown headers, or text that somebody printed. */
  #unclaimed = 0;
  #unclaimedSample = "";
  /** Length of the body that is being read; 0 outside of one. */
  #bodyLength = 0;
  /** Set once a body arrives in pieces: one buffer of its size, because a million tiny pieces take a hundred times it. */
  #body: Buffer | undefined;
  #bodyFilled = 0;
  #skip = 0;
  /** Size of a body that is skipped and was not reported yet: the report waits for the body's beginning. */
  #tooLarge = 0;
  #skipped = "";
  /** Bytes that may still be read twice; grows with each new byte, so that all work stays linear. */
  #rescanCredit = 0;
  readonly #lengths = new LengthLooks();

  constructor(options: FrameReaderOptions) {
    this.#options = options;
    this.#maxBody = options.maxBodyBytes ?? MAX_INBOUND_BODY_BYTES;
    this.#maxHeader = options.maxHeaderBytes ?? MAX_HEADER_BYTES;
    this.#header = new PlainHeader(this.#maxBody);
  }

  /** Feeds bytes as they arrived. Messages are handed out before it returns. Keeps no part of the chunk. */
  push(chunk: Buffer): void {
    const at = this.#atStart ? this.#readWhole(chunk) : 0;
    if (at < chunk.length) this.#consume(at === 0 ? chunk : chunk.subarray(at));
  }

  /** Whether the stream stands inside a header or a body, as after an end of the stream in the wrong place. */
  get midFrame(): boolean {
    return this.#bodyLength > 0 || this.#skip > 0 || this.#length >= 0;
  }

  /** The line or body that the stream stands in. Undefined between two messages. */
  get open(): OpenPart | undefined {
    if (this.#bodyLength > 0) return openPart(this.#body ?? EMPTY, this.#bodyFilled, this.#bodyLength);
    return this.#line.length === 0 ? undefined : openPart(this.#line, this.#line.length);
  }

  /** Whether the next byte is the first of a line, and nothing is open. */
  get #atStart(): boolean {
    const { length } = this.#line;
    return this.#length < 0 && this.#bodyLength === 0 && this.#skip === 0 && length === 0 && !this.#lineIsCut;
  }

  /**
   * Reads whole frames of the usual form where they stand, without slices or state: nearly all of them. Returns where
   * the rest begins; whatever is unusual there is left to the long way.
   */
  #readWhole(chunk: Buffer): number {
    let at = 0;
    for (;;) {
      const body = this.#header.read(chunk, at);
      const end = body + this.#header.length;
      if (body === -1 || end > chunk.length || end === body) return at;
      const text = chunk.toString("utf8", body, end);
      // Stands in the text for bytes that are not UTF-8, and where somebody wrote it: the long way tells them apart.
      if (text.includes("\ufffd")) return at;
      if (text.length >= 2 * MAX_NESTING && isTooDeep(text)) return at;
      let message: unknown;
      try {
        message = JSON.parse(text);
      } catch {
        return at;
      }
      this.#unclaimed = 0;
      this.#lengths.refill();
      this.#rescanCredit += end - at;
      at = end;
      this.#options.onMessage(message, text);
    }
  }

  #consume(first: Buffer): void {
    // A stack instead of recursion: a body that is no message is read again for frames inside it.
    const stack = [{ chunk: first, fresh: true }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { chunk, fresh } = next;
      let at = 0;
      while (at < chunk.length) {
        const from = at;
        let body: Buffer | undefined;
        if (this.#skip > 0) {
          at += Math.min(this.#skip, chunk.length - at);
          this.#skip -= at - from;
          if (this.#tooLarge > 0)
            this.#sampleTooLarge(chunk.toString("latin1", from, Math.min(at, from + SAMPLE_LENGTH)));
        } else if (this.#bodyLength > 0) {
          at += Math.min(this.#bodyLength - this.#bodyFilled, chunk.length - at);
          body = this.#takeBody(chunk.subarray(from, at));
        } else {
          at = this.#readPlainHeader(chunk, at) ?? this.#readLine(chunk, at);
        }
        // Counted as they are read, not as they arrive: what is found must not depend on the split.
        if (fresh) this.#rescanCredit += at - from;
        const again = body && this.#finishBody(body);
        if (again) {
          stack.push({ chunk: chunk.subarray(at), fresh }, { chunk: again, fresh: false });
          break;
        }
      }
    }
  }

  /** The usual header, nothing but the length and all in this chunk, without making lines of it. */
  #readPlainHeader(chunk: Buffer, at: number): number | undefined {
    if (this.#length >= 0 || this.#line.length > 0 || this.#lineIsCut) return undefined;
    const body = this.#header.read(chunk, at);
    if (body === -1) return undefined;
    this.#length = this.#header.length;
    this.#unclaimed = 0;
    this.#startBody();
    return body;
  }

  #readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    if (end === -1) {
      const rest = chunk.subarray(at);
      const line = this.#line.length === 0 ? rest : Buffer.concat([this.#line, rest]);
      this.#line = line.length <= this.#maxHeader ? Buffer.from(line) : this.#cutEndlessLine(line);
      return chunk.length;
    }
    let line = chunk.subarray(at, end);
    if (this.#line.length > 0) {
      line = Buffer.concat([this.#line, line]);
      this.#line = EMPTY;
    }
    if (line.length > this.#maxHeader || this.#lineIsCut) line = this.#cutEndlessLine(line);
    this.#lineIsCut = false;
    // A runtime in text mode turns the end of a line into several carriage returns and one line feed.
    let stop = line.length;
    while (stop > 0 && line[stop - 1] === CR) stop -= 1;
    this.#takeLine(line.toString("latin1", 0, stop), line.length + 1);
    return end + 1;
  }

  #cutEndlessLine(line: Buffer): Buffer {
    this.#lineIsCut = true;
    const cut = Math.max(0, line.length - LINE_TAIL_BYTES);
    if (cut > 0) this.#stray(cut, line.toString("latin1", 0, 200));
    return Buffer.from(line.subarray(cut));
  }

  #takeLine(text: string, bytes: number): void {
    const line = readHeaderLine(text);
    switch (line.type) {
      case "length":
        if (line.strayBytes > 0) this.#stray(line.strayBytes, text.slice(0, Math.min(200, line.strayBytes)));
        this.#length = line.value;
        this.#unclaimed = 0;
        return;
      case "bad_length":
        this.#length = -1;
        this.#options.onProblem?.({ type: "bad_length", sample: text.slice(0, SAMPLE_LENGTH) });
        return;
      case "other_header":
        if (this.#length < 0) this.#claimLater(bytes, text);
        return;
      case "blank":
        if (this.#length >= 0) this.#startBody();
        else this.#claimLater(bytes, text);
        return;
      case "stray":
        this.#length = -1;
        this.#stray(bytes, text.slice(0, 200));
    }
  }

  /** A line that could belong to a header is skipped either way; without a length it turns out to be stray. */
  #claimLater(bytes: number, text: string): void {
    if (this.#unclaimed === 0) this.#unclaimedSample = text.slice(0, 200);
    this.#unclaimed += bytes;
    if (this.#unclaimed < this.#maxHeader && text !== "") return;
    this.#stray(this.#unclaimed, this.#unclaimedSample);
    this.#unclaimed = 0;
  }

  #startBody(): void {
    const bytes = this.#length;
    this.#length = -1;
    if (bytes > this.#maxBody) {
      this.#tooLarge = bytes;
      // A lie about the length would mute the stream for good: then the bytes are searched for the next frame.
      if (bytes <= MAX_SKIPPED_BODY_BYTES) this.#skip = bytes;
      else this.#reportTooLarge();
    } else if (bytes === 0) {
      this.#options.onProblem?.({ type: "not_json", bytes: 0, sample: "" });
    } else {
      this.#bodyLength = bytes;
    }
  }

  /** Collects the beginning of a body that is skipped, however small its pieces are, and reports it. */
  #sampleTooLarge(piece: string): void {
    this.#skipped = (this.#skipped + piece).slice(0, SAMPLE_LENGTH);
    if (this.#skipped.length < SAMPLE_LENGTH && this.#skip > 0) return;
    this.#reportTooLarge();
  }

  #reportTooLarge(): void {
    const [bytes, sample] = [this.#tooLarge, this.#skipped];
    this.#tooLarge = 0;
    this.#skipped = "";
    this.#options.onProblem?.({ type: "too_large", bytes, sample });
  }

  /** Returns the body once it is complete: in place when it came in one piece. */
  #takeBody(piece: Buffer): Buffer | undefined {
    let body: Buffer | undefined = piece;
    if (piece.length < this.#bodyLength) {
      this.#body ??= Buffer.allocUnsafeSlow(this.#bodyLength);
      this.#bodyFilled += piece.copy(this.#body, this.#bodyFilled);
      body = this.#bodyFilled === this.#bodyLength ? this.#body : undefined;
    }
    if (!body) return undefined;
    this.#body = undefined;
    this.#bodyFilled = 0;
    this.#bodyLength = 0;
    return body;
  }

  /** Hands the message out; returns the body when it is none and should be searched for frames. */
  #finishBody(body: Buffer): Buffer | undefined {
    if (!isUtf8(body)) return this.#reject(body, "not_utf8");
    const text = body.toString("utf8", startsWithMark(body) ? BYTE_ORDER_MARK.length : 0);
    if (isTooDeep(text)) {
      // Nothing inside such a body is looked for: what is nested that deep was made to be.
      this.#options.onProblem?.({
        type: "too_deep",
        bytes: body.length,
        sample: text.slice(0, SAMPLE_LENGTH),
      });
      return undefined;
    }
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return this.#reject(body, "not_json");
    }
    this.#lengths.refill();
    this.#options.onMessage(message, text);
    return undefined;
  }

  #reject(body: Buffer, type: "not_utf8" | "not_json"): Buffer | undefined {
    const sample = body.toString(type === "not_utf8" ? "latin1" : "utf8", 0, SAMPLE_LENGTH);
    const length = this.#lengths.look(body);
    const fault = length === undefined ? {} : { length };
    this.#options.onProblem?.({ type, bytes: body.length, sample, ...fault });
    if (this.#rescanCredit < body.length) return undefined;
    this.#rescanCredit -= body.length;
    return body;
  }

  #stray(bytes: number, sample: string): void {
    this.#options.onStray?.(bytes, sample);
  }
}

function startsWithMark(body: Buffer): boolean {
  return body.length > BYTE_ORDER_MARK.length && body.compare(BYTE_ORDER_MARK, 0, 3, 0, 3) === 0;
}
