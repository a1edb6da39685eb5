import type { JsonValue } from "./json.js";

/** What an extension stores: a text, labels to find it by, and anything else it wants to keep with it. */
export interface MemoryNote {
  /** At most 16 KiB in UTF-8. */
  content: string;
  /** Default: none. */
  tags?: readonly string[];
  meta?: JsonValue;
}

/** A stored note, as it stands in the file: one line of JSON. A note of a newer host has all of the fields that the host wrote. */
export interface MemoryRecord {
  namespace: string;
  /** When it was stored: milliseconds since 1970. */
  timestamp_ms: number;
  content: string;
  tags: string[];
  meta?: JsonValue;
  /** Of newer hosts. */
  id?: JsonValue;
  /** Of newer hosts. */
  project?: JsonValue;
  /** Of newer hosts: `{source, session?}`. */
  provenance?: JsonValue;
  /** Of newer hosts: `normal`, `sensitive` or `secret`. */
  sensitivity?: JsonValue;
  /** Of newer hosts: `standard` or `{max_age_days}`. */
  retention?: JsonValue;
}

/** Which notes are wanted. All conditions that are given must hold. */
export interface MemoryQuery {
  /** Text that the content must contain, in any case. */
  content_contains?: string;
  /** What one of the tags must begin with. */
  tag_prefix?: string;
  /** Not older than this: milliseconds since 1970. */
  since_ms?: number;
  /** Not newer than this. */
  until_ms?: number;
  /** Most notes to return, the newest ones. Default 50. */
  limit?: number;
}

/** The answer to `memory.append`. */
export interface MemoryReceipt {
  ok: true;
  timestamp_ms: number;
}
