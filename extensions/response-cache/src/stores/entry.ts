import { createHmac, timingSafeEqual } from "node:crypto";
import type { Bounds } from "./store.js";

/** Form of the entries. Entries of another form are not read. */
const VERSION = "rc1";

/** Longest first line: version, digest, time and seal. */
export const HEAD_BYTES = 200;

const HEAD = /^rc1 ([0-9a-f]{64}) (\d{1,15}) ([0-9a-f]{32})$/;

/** Clocks of programs that share a store may differ by this much. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** Reasons for which a value in the store is no answer. */
export type Wrong = "too_large" | "no_entry" | "tampered" | "no_text" | "old";

/** A value as it was read: an answer with its seal, or why it is none. */
export type Opened = { readonly output: string; readonly seal: string } | { readonly wrong: Wrong };

/** Writes and reads the values that stand in a shared store, where others may write anything. */
export class Entries {
  readonly #signingKey: string;
  readonly #bounds: () => Bounds;

  constructor(signingKey: string, bounds: () => Bounds) {
    this.#signingKey = signingKey;
    this.#bounds = bounds;
  }

  /** Bytes of the longest value that is read. */
  get mostBytes(): number {
    return HEAD_BYTES + this.#bounds().maxEntryBytes;
  }

  write(key: string, seal: string, output: string, nowMs: number): Buffer {
    const written = String(Math.floor(nowMs));
    const body = Buffer.from(output);
    const head = `${VERSION} ${this.#digest(key, written, seal, body)} ${written} ${seal}\n`;
    return Buffer.concat([Buffer.from(head), body]);
  }

  /** Never throws, whatever the bytes are. */
  open(key: string, value: Buffer, nowMs: number): Opened {
    if (value.length > this.mostBytes) return { wrong: "too_large" };
    const end = value.subarray(0, HEAD_BYTES).indexOf("\n");
    const [, digest = "", written = "", seal = ""] =
      HEAD.exec(value.toString("latin1", 0, Math.max(end, 0))) ?? [];
    if (digest === "") return { wrong: "no_entry" };
    const body = value.subarray(end + 1);
    const expected = this.#digest(key, written, seal, body);
    if (!timingSafeEqual(Buffer.from(digest), Buffer.from(expected))) return { wrong: "tampered" };
    const ageMs = nowMs - Number(written);
    if (ageMs < -CLOCKS_DIFFER_MS || ageMs >= this.#bounds().ttlMs) return { wrong: "old" };
    const output = body.toString();
    return Buffer.from(output).equals(body) ? { output, seal } : { wrong: "no_text" };
  }

  /** Binds an output to its key, time and seal: an entry that was moved, mixed or changed has another digest. */
  #digest(key: string, written: string, seal: string, body: Buffer): string {
    return createHmac("sha256", this.#signingKey)
      .update(`${VERSION} ${key} ${written} ${seal}\n`)
      .update(body)
      .digest("hex");
  }
}
