import { isJsonObject, type JsonObject, type JsonValue, type MemoryRecord } from "@synaps/sdk/protocol";
import { isNestedOver } from "../untrusted.js";

/** Longest name of a namespace, in characters; the reference's. */
export const MAX_NAMESPACE_LENGTH = 64;

/** Most bytes of a note's content in UTF-8; the reference's. */
export const MAX_CONTENT_BYTES = 16 * 1024;

/** Longest line that is written or read: the size of one message of an extension. A longer line counts as broken. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Levels of nesting that a note's `meta` may have: an answer around it stays far below the limit of messages. */
export const MAX_META_LEVELS = 256;

/** Longest id of a note that a tombstone may name, in characters. */
const MAX_ID_LENGTH = 256;

const LINE_BREAK = 10;

// Beside the reference's rules: no control characters, which no file name should have.
// oxlint-disable-next-line no-control-regex
const BAD_NAMESPACE = /[/\\\s\u0000-\u001f\u007f]|\.\./;

/** The reason why a text cannot be a namespace and with it the name of a file; undefined when it can. */
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

/** A line of a newer host that takes back the notes of an id, up to a time. */
export interface Tombstone {
  tombstone: string;
  /** Milliseconds since 1970; infinite when the line does not say. */
  timestamp_ms: number;
}

/**
 * Reads one line; undefined for anything that is neither a record of this namespace nor a tombstone. A record keeps the fields
 * that the host does not know.
 */
export function parseLine(line: string, namespace: string): MemoryRecord | Tombstone | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  if (typeof value["tombstone"] === "string" && value["content"] === undefined)
    return tombstoneOf(value["tombstone"], value, namespace);
  if (value["namespace"] !== namespace) return undefined;
  const { timestamp_ms, content, tags = [] } = value;
  if (typeof timestamp_ms !== "number" || typeof content !== "string" || !isTags(tags)) return undefined;
  if (isNestedOver(value, MAX_META_LEVELS + 1)) return undefined;
  return { ...value, namespace, timestamp_ms, content, tags };
}

/** Reads one line; undefined for anything that is not a record of this namespace. */
export function parseRecord(line: string, namespace: string): MemoryRecord | undefined {
  const read = parseLine(line, namespace);
  return read && !isTombstone(read) ? read : undefined;
}

export function isTombstone(line: MemoryRecord | Tombstone): line is Tombstone {
  return !("content" in line);
}

function tombstoneOf(id: string, value: JsonObject, namespace: string): Tombstone | undefined {
  if ((value["namespace"] ?? namespace) !== namespace || id.length > MAX_ID_LENGTH) return undefined;
  const at = value["timestamp_ms"];
  return { tombstone: id, timestamp_ms: typeof at === "number" ? at : Number.POSITIVE_INFINITY };
}

function isTags(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((tag) => typeof tag === "string");
}

/** Place behind the line end of the last complete line in `[from, to)`; -1 if there is none. */
export function lastLineEnd(bytes: Buffer, from: number, to: number): number {
  const at = bytes.subarray(from, to).lastIndexOf(LINE_BREAK);
  return at === -1 ? -1 : from + at + 1;
}

/** Place behind the first line end in `[from, to)`; -1 if there is none. */
export function firstLineEnd(bytes: Buffer, from: number, to: number): number {
  const at = bytes.subarray(from, to).indexOf(LINE_BREAK);
  return at === -1 ? -1 : from + at + 1;
}

/**
 * A text in the form in which contents are compared: lower case, and one sigma for both that Greek writes at ends and
 * inside of words, so that a part of a text folds to a part of the folded text.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("ς") ? lower.replaceAll("ς", "σ") : lower;
}
