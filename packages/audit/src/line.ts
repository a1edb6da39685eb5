import { createHmac, hash, type BinaryLike } from "node:crypto";
import type { JsonObject } from "@synaps/sdk/protocol";
import { parseTextHead, textHead } from "./text-form.js";
import { escapeUnseen } from "./unseen.js";

/** The form of the lines of a file: one JSON object each, or `[time] Event key=value`. */
export type AuditFormat = "json" | "text";

/** One line of an audit file. */
export interface AuditLine {
  /** Time of the writing process, UTC, with milliseconds. */
  readonly timestamp: string;
  readonly event: string;
  readonly metadata: JsonObject;
  /** Number of the event in its run, from 1. A line of the log itself has the number of the event that follows. */
  readonly seq: number;
  /** Hash over the hash of the line before and this line; absent without a chain. */
  readonly hash: string | undefined;
}

/** A line as it was read, with the bytes that its hash covers. */
export interface ReadLine extends AuditLine {
  readonly body: Buffer;
}

/** Lines that the log writes about itself. An event of a program that is named so gets an `x_` in front. */
export const OWN = {
  open: "audit_open",
  rotate: "audit_rotate",
  stop: "audit_stop",
  gap: "audit_gap",
  uncleanEnd: "audit_unclean_end",
  removed: "audit_removed",
} as const;

const OWN_PREFIX = "audit_";
const OWN_NAMES: ReadonlySet<string> = new Set(Object.values(OWN));

/** Stands for the hash before the first line of a run. */
export const NO_HASH = "0".repeat(64);

/** The part of a line that is known before its place in the file: all but number and hash. */
export function headOf(format: AuditFormat, wallMs: number, event: string, metadata: JsonObject): string {
  const timestamp = timeOf(wallMs);
  if (format === "text") return textHead(timestamp, event, metadata);
  const head = JSON.stringify({ timestamp, event, metadata });
  return escapeUnseen(head.slice(0, -1));
}

/** The name under which an event of a program is written. */
export function eventName(name: string): string {
  return name.startsWith(OWN_PREFIX) ? `x_${name}` : name;
}

/** The line with its number and, with `link`, its hash; without a line end. */
export function sealed(
  format: AuditFormat,
  head: string,
  seq: number,
  link: ((body: string) => string) | undefined,
): { line: string; hash: string } {
  const body = format === "text" ? `${head} @seq=${seq}` : `${head},"seq":${seq}`;
  const end = format === "text" ? "" : "}";
  if (link === undefined) return { line: body + end, hash: NO_HASH };
  const made = link(body);
  const line = format === "text" ? `${body} @hash=${made}` : `${body},"hash":"${made}"}`;
  return { line, hash: made };
}

/** Hash of a line behind another line; with a key nobody without it can make one. */
export function linkOf(before: string, body: BinaryLike, key: string | undefined): string {
  const bytes = Buffer.concat([
    Buffer.from(`${before}\n`),
    typeof body === "string" ? Buffer.from(body) : Buffer.from(body as Buffer),
  ]);
  return key === undefined ? hash("sha256", bytes) : createHmac("sha256", key).update(bytes).digest("hex");
}

/** Events that a line stands for: 1 for an event, the lost ones for a gap, 0 for other lines of the log itself. */
export function eventsIn({ event, metadata }: Pick<AuditLine, "event" | "metadata">): number {
  if (event === OWN.gap) return Number(metadata["lost"]);
  return isOwn(event) ? 0 : 1;
}

/** True for a line that the log wrote about itself. */
export function isOwn(event: string): boolean {
  return OWN_NAMES.has(event);
}

const JSON_HASH = /,"hash":"([0-9a-f]{64})"\}$/;
const TEXT_HASH = / @hash=([0-9a-f]{64})$/;
const TEXT_SEQ = / @seq=(\d{1,16})$/;
const OPEN_BRACE = 0x7b;

/** Reads one line without its line end, in either form. Undefined for a text that is no line of an audit file. */
export function parseLine(bytes: Buffer): ReadLine | undefined {
  const isJson = bytes[0] === OPEN_BRACE;
  const text = bytes.toString("utf8");
  const found = (isJson ? JSON_HASH : TEXT_HASH).exec(text.slice(-80));
  const body = found ? bytes.subarray(0, bytes.length - found[0].length) : bytes;
  const bodyText = found ? text.slice(0, -found[0].length) : text;
  const line = isJson ? parseJson(found ? `${bodyText}}` : bodyText) : parseText(bodyText);
  if (line === undefined) return undefined;
  return { ...line, hash: found?.[1], body: isJson && !found ? bytes.subarray(0, -1) : body };
}

function parseJson(text: string): Omit<AuditLine, "hash"> | undefined {
  try {
    const { timestamp, event, metadata, seq } = JSON.parse(text) as Record<string, unknown>;
    if (typeof timestamp !== "string" || Number.isNaN(Date.parse(timestamp))) return undefined;
    if (typeof event !== "string" || typeof metadata !== "object" || metadata === null) return undefined;
    return isNumber(seq) ? { timestamp, event, metadata: metadata as JsonObject, seq } : undefined;
  } catch {
    return undefined;
  }
}

function parseText(text: string): Omit<AuditLine, "hash"> | undefined {
  const numbered = TEXT_SEQ.exec(text.slice(-24));
  if (!numbered) return undefined;
  const seq = Number(numbered[1]);
  const head = parseTextHead(text.slice(0, -numbered[0].length));
  return head && isNumber(seq) ? { ...head, seq } : undefined;
}

function isNumber(seq: unknown): seq is number {
  return typeof seq === "number" && Number.isSafeInteger(seq) && seq >= 1;
}

/** The time as it is written. A clock of the program may say anything: a time that is none is the first moment. */
export function timeOf(wallMs: number): string {
  // Lines of one turn have one time mostly.
  if (wallMs !== last.wallMs) last = { wallMs, text: textOf(wallMs) };
  return last.text;
}

let last = { wallMs: 0, text: new Date(0).toISOString() };

function textOf(wallMs: number): string {
  const date = new Date(wallMs);
  return (Number.isNaN(date.getTime()) || wallMs < 0 || wallMs > LAST_MS ? new Date(0) : date).toISOString();
}

/** The end of the year 9999: later times have another form. */
const LAST_MS = 253_402_300_799_999;
