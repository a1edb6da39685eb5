import { prefixOfBytes, type Verdict } from "@synaps/sdk/protocol";
import { MAX_REPLACEMENT_BYTES } from "../delivery/outgoing-event.js";
import { withoutMarkers } from "./markers.js";

/** Longest text that one extension may inject for one event, in bytes of UTF-8. A runaway must not fill a context. */
export const MAX_INJECTED_BYTES = 64 * 1024;
/** Longest reason of a block or a skip and longest message of a confirm, in bytes of UTF-8: people have to read them. */
export const MAX_REASON_BYTES = 8 * 1024;

/** A verdict whose text may be handed on, and what was done to it for that. */
export interface Bounded {
  readonly verdict: Verdict;
  /** Bytes beyond the documented bound. */
  readonly cutBytes: number;
  /** Places of an injection that could have passed for the structure of an agent. */
  readonly markersEscaped?: number;
}

/** A verdict with its text cut to the documented bound, and an injection without markers. */
export function bounded(verdict: Verdict): Bounded {
  switch (verdict.action) {
    case "block":
      return cut(verdict.reason, MAX_REASON_BYTES, (reason) => ({ ...verdict, reason }));
    case "skip":
      return cut(verdict.reason, MAX_REASON_BYTES, (reason) => ({ ...verdict, reason }));
    case "confirm":
      return cut(verdict.message, MAX_REASON_BYTES, (message) => ({ ...verdict, message }));
    case "inject":
      return injected(verdict);
    case "replace":
      // The reference cuts a replacement without a mark, so that the output stays what it was meant to be.
      return cut(verdict.output, MAX_REPLACEMENT_BYTES, (output) => ({ ...verdict, output }), "");
    default:
      return { verdict, cutBytes: 0 };
  }
}

function injected(verdict: Extract<Verdict, { action: "inject" }>): Bounded {
  // The first cut comes before the search: a text of megabytes is not worth looking through.
  const head = prefixOfBytes(verdict.content, MAX_INJECTED_BYTES);
  const { text, places } = withoutMarkers(head);
  const beyond =
    head.length === verdict.content.length ? 0 : Buffer.byteLength(verdict.content) - Buffer.byteLength(head);
  const shown = cut(text, MAX_INJECTED_BYTES, (content) => ({ ...verdict, content }), undefined, beyond);
  return places === 0 ? shown : { ...shown, markersEscaped: places };
}

/** `beyond`: bytes that were cut before. */
function cut(
  text: string,
  maxBytes: number,
  make: (text: string) => Verdict,
  mark?: string,
  beyond = 0,
): Bounded {
  const head = prefixOfBytes(text, maxBytes);
  if (head.length === text.length && beyond === 0) return { verdict: make(text), cutBytes: 0 };
  const cutBytes = beyond + Buffer.byteLength(text) - Buffer.byteLength(head);
  return { verdict: make(head + (mark ?? `… [cut: ${cutBytes} more bytes]`)), cutBytes };
}
