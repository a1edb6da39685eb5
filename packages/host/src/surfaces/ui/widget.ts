import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { lineOf, optionalLine } from "../../text-bounds.js";

export const WIDGET_POSITIONS = [
  "top_left",
  "top_center",
  "top_right",
  "middle_left",
  "center",
  "middle_right",
  "bottom_left",
  "bottom_center",
  "bottom_right",
] as const;

/** A place on the screen. Where it is exactly, the program decides. */
export type WidgetPosition = (typeof WIDGET_POSITIONS)[number];

/** A piece of a line with its colours, as the extension named them. */
export interface StyledText {
  readonly text: string;
  readonly fg: string | undefined;
  readonly bg: string | undefined;
}

/** A small box that an extension wants shown. Its texts are bounded and free of control characters. */
export interface Widget {
  readonly extension: string;
  readonly id: string;
  /** The session that the widget belongs to; undefined for all sessions. */
  readonly sessionId: string | undefined;
  readonly title: string | undefined;
  readonly lines: readonly string[];
  /** The same lines with colours, when the extension gave any. */
  readonly styledLines: readonly (readonly StyledText[])[] | undefined;
  readonly position: WidgetPosition;
  /** Time that the widget stays, in milliseconds; undefined: until it is dismissed. */
  readonly ttlMs: number | undefined;
}

export const MAX_WIDGET_LINES = 64;
export const MAX_WIDGET_LINE_BYTES = 1024;
const MAX_SPANS = 64;
const MAX_ID_BYTES = 128;
const MAX_TITLE_BYTES = 256;
const MAX_TTL_MS = 24 * 60 * 60 * 1000;
const COLOUR = /^#?[\w-]{1,32}$/;

/** The widget that a notification is about; undefined if the notification names none. */
export function widgetRef(params: unknown): { id: string; sessionId: string | undefined } | undefined {
  if (!isJsonObject(params)) return undefined;
  const { id } = params;
  const session = params["session_id"];
  if (typeof id !== "string" || id === "" || Buffer.byteLength(id) > MAX_ID_BYTES) return undefined;
  // An empty session, and anything but text, means all sessions.
  if (typeof session !== "string" || session === "") return { id, sessionId: undefined };
  return Buffer.byteLength(session) <= MAX_ID_BYTES ? { id, sessionId: session } : undefined;
}

/**
 * Reads `widget.upsert`. Lines beyond the bounds are cut off. Undefined if the widget is malformed: without lines, with a line
 * that is no text, or with a position or a time to live that does not exist.
 */
export function parseWidget(extension: string, params: unknown): Widget | undefined {
  const ref = widgetRef(params);
  if (!ref || !isJsonObject(params)) return undefined;
  const styled = params["styled_lines"];
  const styledLines = Array.isArray(styled) ? styled.slice(0, MAX_WIDGET_LINES).map(spansOf) : undefined;
  const plain = params["lines"];
  const lines = plain == null ? styledLines?.map(textOf) : linesOf(plain);
  const position = positionOf(params["position"]);
  const ttlMs = ttlOf(params["ttl_secs"]);
  if (!lines || !position || ttlMs === "malformed") return undefined;
  return {
    extension,
    ...ref,
    title: optionalLine(params["title"], MAX_TITLE_BYTES) || undefined,
    lines,
    styledLines,
    position,
    ttlMs,
  };
}

function spansOf(line: JsonValue): StyledText[] {
  if (!Array.isArray(line)) return [];
  let left = MAX_WIDGET_LINE_BYTES;
  return line.slice(0, MAX_SPANS).flatMap((span) => {
    if (!isJsonObject(span) || typeof span["text"] !== "string") return [];
    const text = lineOf(span["text"], left);
    left -= Buffer.byteLength(text);
    return [{ text, fg: colourOf(span["fg"]), bg: colourOf(span["bg"]) }];
  });
}

function colourOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && COLOUR.test(value) ? value : undefined;
}

function linesOf(plain: JsonValue): string[] | undefined {
  if (!Array.isArray(plain) || !plain.every((line) => typeof line === "string")) return undefined;
  return plain.slice(0, MAX_WIDGET_LINES).map((line) => lineOf(line, MAX_WIDGET_LINE_BYTES));
}

function textOf(spans: readonly StyledText[]): string {
  return spans.map(({ text }) => text).join("");
}

function positionOf(value: JsonValue | undefined): WidgetPosition | undefined {
  if (value === undefined || value === null) return "top_right";
  return WIDGET_POSITIONS.find((position) => position === value);
}

function ttlOf(value: JsonValue | undefined): number | undefined | "malformed" {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) return "malformed";
  return Math.min(value * 1000, MAX_TTL_MS);
}
