import { isJsonObject, type JsonValue, type MemoryRecord } from "@synaps/sdk/protocol";

/** Longest name of a namespace, in characters; the reference's. */
export const MAX_NAMESPACE_LENGTH = 64;

/** Most bytes of a note's content in UTF-8; the reference's. */
export const MAX_CONTENT_BYTES = 16 * 1024;

/** Longest line that is written or read: what fits one message of an extension. A longer one counts as broken. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const LINE_BREAK = 10;

// Beside the reference's rules: no control characters, which no file name should have.
// oxlint-disable-next-line no-control-regex
const BAD_NAMESPACE = /[/\\\s\u0000-\u001f\u007f]|\.\./;

/** Why a text cannot be a namespace, which is also the name of a file; undefined when it can. */
export function namespaceProblem(namespace: string): string | undefined {
  if (namespace === "") return "it is empty";
  if (namespace.length > MAX_NAMESPACE_LENGTH) return `it is over ${MAX_NAMESPACE_LENGTH} characters`;
  if (namespace === ".") return "it names a folder";
  if (BAD_NAMESPACE.test(namespace)) return "it has a slash, '..', white space or control characters";
  return undefined;
}

/** A record as its line in the file, with the line end. */
export function lineOf(record: MemoryRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}

/** Reads one line; undefined for anything that is not a record of this namespace. */
export function parseRecord(line: string, namespace: string): MemoryRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value["namespace"] !== namespace) return undefined;
  const { timestamp_ms, content, tags = [], meta } = value;
  if (typeof timestamp_ms !== "number" || typeof content !== "string" || !isTags(tags)) return undefined;
  return { namespace, timestamp_ms, content, tags, ...(meta === undefined ? {} : { meta }) };
}

function isTags(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((tag) => typeof tag === "string");
}

/** Where the last complete line in `[from, to)` ends, behind its line end; -1 when none does. */
export function lastLineEnd(bytes: Buffer, from: number, to: number): number {
  const at = bytes.subarray(from, to).lastIndexOf(LINE_BREAK);
  return at === -1 ? -1 : from + at + 1;
}

/** Where the first line in `[from, to)` ends, behind its line end; -1 when it does not. */
export function firstLineEnd(bytes: Buffer, from: number, to: number): number {
  const at = bytes.subarray(from, to).indexOf(LINE_BREAK);
  return at === -1 ? -1 : from + at + 1;
}
