import { prefixOfBytes } from "@synaps/sdk/protocol";
import { stripControl } from "./transport/process/stderr-tail.js";

/** One line of a text that an extension wrote, safe to show: no control characters, no more than `maxBytes`. */
export function lineOf(text: string, maxBytes: number): string {
  // Cut first: a text of megabytes is not worth looking through.
  return prefixOfBytes(stripControl(prefixOfBytes(text, 2 * maxBytes).replaceAll("\t", " ")), maxBytes);
}

/** The same for a text of several lines. */
export function blockOf(text: string, maxBytes: number): string {
  return prefixOfBytes(text, maxBytes)
    .split(/\r?\n/)
    .map((line) => lineOf(line, maxBytes))
    .join("\n");
}

/** The same for a value that may be no text at all; undefined then. */
export function optionalLine(value: unknown, maxBytes: number): string | undefined {
  return typeof value === "string" ? lineOf(value, maxBytes) : undefined;
}
