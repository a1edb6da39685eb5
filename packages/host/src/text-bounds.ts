import { prefixOfBytes } from "@synaps/sdk/protocol";

// Control characters but the tab, DEL, and the C1 controls: everything that moves a cursor.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

/** Returns the text without control characters, so that it is safe to print on a terminal. */
export function stripControl(text: string): string {
  return text.replace(CONTROL, "");
}

/** Makes one safe line of a text that an extension wrote: no control characters, at most `maxBytes`. */
export function lineOf(text: string, maxBytes: number): string {
  // The first cut comes before the search: a text of megabytes is not worth looking through.
  return prefixOfBytes(stripControl(prefixOfBytes(text, 2 * maxBytes).replaceAll("\t", " ")), maxBytes);
}

/** Does the same for a text of several lines. */
export function blockOf(text: string, maxBytes: number): string {
  return prefixOfBytes(text, maxBytes)
    .split(/\r?\n/)
    .map((line) => lineOf(line, maxBytes))
    .join("\n");
}

/** Does the same for a value that may be no text; the result is undefined then. */
export function optionalLine(value: unknown, maxBytes: number): string | undefined {
  return typeof value === "string" ? lineOf(value, maxBytes) : undefined;
}

const MAX_VALUE_BYTES = 200;

/** The JSON text of a value that an extension sent, for a message. */
export function jsonInWords(value: unknown): string {
  return lineOf(JSON.stringify(value) ?? "nothing", MAX_VALUE_BYTES);
}

/** Any JSON value that an extension sent, for a message: objects have no text that is safe to ask them for. */
export function valueInWords(value: unknown): string {
  return lineOf(typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"), MAX_VALUE_BYTES);
}

const MAX_SHOWN = 80;
/** Characters that move a cursor, change the direction of a text or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The beginning of what arrived, in quotes; what cannot be seen stands as an escape. */
export function quoted(sample: string): string {
  return withoutUnseen(JSON.stringify(sample.slice(0, MAX_SHOWN)));
}

/** Text of one line, or JSON, in which escapes stand for what moves a cursor, turns the text round or cannot be seen. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, (one) => {
    const units = Array.from({ length: one.length }, (_, at) => one.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
