import { prefixOfBytes, type Verdict } from "@synaps/sdk/protocol";
import { MAX_REPLACEMENT_BYTES } from "../delivery/outgoing-event.js";

/** Longest text that one extension may inject for one event, in bytes of UTF-8. A runaway must not fill a context. */
export const MAX_INJECTED_BYTES = 64 * 1024;
/** Longest reason of a block or a skip and longest message of a confirm, in bytes of UTF-8: people have to read them. */
export const MAX_REASON_BYTES = 8 * 1024;

/** A verdict with its text cut to the documented bound, and the bytes that were cut. */
export function bounded(verdict: Verdict): { verdict: Verdict; cutBytes: number } {
  switch (verdict.action) {
    case "block":
      return cut(verdict.reason, MAX_REASON_BYTES, (reason) => ({ ...verdict, reason }));
    case "skip":
      return cut(verdict.reason, MAX_REASON_BYTES, (reason) => ({ ...verdict, reason }));
    case "confirm":
      return cut(verdict.message, MAX_REASON_BYTES, (message) => ({ ...verdict, message }));
    case "inject":
      return cut(verdict.content, MAX_INJECTED_BYTES, (content) => ({ ...verdict, content }));
    case "replace":
      // The reference cuts a replacement without a mark, so that the output stays what it was meant to be.
      return cut(verdict.output, MAX_REPLACEMENT_BYTES, (output) => ({ ...verdict, output }), "");
    default:
      return { verdict, cutBytes: 0 };
  }
}

function cut(
  text: string,
  maxBytes: number,
  make: (text: string) => Verdict,
  mark?: string,
): { verdict: Verdict; cutBytes: number } {
  const head = prefixOfBytes(text, maxBytes);
  if (head.length === text.length) return { verdict: make(text), cutBytes: 0 };
  const cutBytes = Buffer.byteLength(text) - Buffer.byteLength(head);
  return { verdict: make(head + (mark ?? `… [cut: ${cutBytes} more bytes]`)), cutBytes };
}
