import { AuditWriter } from "@synaps/audit";
import type { JsonObject } from "@synaps/sdk";
import type { Session } from "./sessions.js";
import type { Settings } from "./settings.js";

/** Lines that may wait for the disk, more than connections that are followed; further ones are counted, and the count is written at its place. */
const MOST_WAITING = 16_384;
/** Longest text of the proxy's in a line, in UTF-16 code units. */
const MAX_TEXT = 128;

/** Takes lines and never waits. */
export interface Lines {
  write(event: string, fields: JsonObject): void;
  close(): Promise<void>;
}

/** Files of JSON lines, or text in the host's log. */
export function createLines(
  settings: Settings,
  clock: { wallMs(): number },
  log: (text: string) => void,
): Lines {
  const { folder, maxFileBytes, files } = settings;
  if (folder === undefined)
    return { write: (event, fields) => log(textOf(event, fields)), close: async () => {} };
  const writer = new AuditWriter({
    folder,
    name: "traffic",
    maxFileBytes,
    files,
    queue: MOST_WAITING,
    clock,
    note: log,
  });
  return {
    write: (event, fields) => void writer.record(event, fields),
    close: () => writer.close(),
  };
}

/** `session id=7 protocol=http ...`: values without spaces stand as they are, all others as JSON. */
function textOf(event: string, fields: JsonObject): string {
  const shown = Object.entries(fields).map(([key, value]) => {
    const text = typeof value === "string" && /^[\w.:[\]-]+$/.test(value) ? value : JSON.stringify(value);
    return `${key}=${text}`;
  });
  return [event, ...shown].join(" ");
}

/** `ended`: false for a connection whose end was not seen. */
export function sessionFields(session: Session, ended: boolean, nowMs: number): JsonObject {
  const { inbound, outbound, dropped, openedMs } = session;
  return {
    ...clientFields(session),
    bytes_in: inbound.bytes,
    bytes_out: outbound.bytes,
    chunks_in: inbound.chunks,
    chunks_out: outbound.chunks,
    ...(openedMs === undefined ? {} : { ms: Math.max(0, Math.round(nowMs - openedMs)) }),
    ...(dropped > 0 ? { dropped } : {}),
    ...(ended ? {} : { ended }),
  };
}

export function clientFields({ id, protocol, client }: Session): JsonObject {
  return { session: short(id), protocol: short(protocol), client: short(client) };
}

/** Printable characters as they are and a dot for each other byte. */
export function contentOf(base64: string, mostBytes: number): string {
  const bytes = Buffer.from(base64.slice(0, Math.ceil(mostBytes / 3) * 4), "base64").subarray(0, mostBytes);
  return bytes.toString("latin1").replaceAll(/[^ -~]/g, ".");
}

/** Number of bytes that a base64 text with padding stands for. */
export function byteLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function short(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
