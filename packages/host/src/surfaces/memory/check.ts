import type { JsonObject, MemoryNote, MemoryQuery } from "@synaps/sdk/protocol";
import { isNestedOver } from "../untrusted.js";
import { MAX_CONTENT_BYTES, MAX_LINE_BYTES, MAX_META_LEVELS } from "./record.js";

/** Most bytes of tags, and of meta: both and a content of escapes alone fit a line of 4 MiB. */
const MAX_KEPT_BYTES = MAX_LINE_BYTES / 2 - 4 * MAX_CONTENT_BYTES;

export interface FieldProblem {
  field: string;
  why: string;
}

/** The field of a note that breaks a rule, if any. Takes anything: a note from an extension has no type. */
export function noteProblem(note: { [K in keyof MemoryNote]?: unknown }): FieldProblem | undefined {
  const { content, tags, meta } = note;
  if (typeof content !== "string") return { field: "content", why: "it must be text" };
  if (content.length > MAX_CONTENT_BYTES || Buffer.byteLength(content) > MAX_CONTENT_BYTES)
    return { field: "content", why: `it may have at most ${MAX_CONTENT_BYTES} bytes` };
  if (!isAbsent(tags) && !(Array.isArray(tags) && tags.every((tag) => typeof tag === "string")))
    return { field: "tags", why: "it must be a list of texts" };
  return keptProblem("tags", tags ?? null) ?? keptProblem("meta", meta ?? null) ?? depthProblem(meta ?? null);
}

/** A note comes back inside of an answer, which must not be nested too deep either. */
function depthProblem(meta: unknown): FieldProblem | undefined {
  if (!isNestedOver(meta, MAX_META_LEVELS)) return undefined;
  return { field: "meta", why: `it may be nested at most ${MAX_META_LEVELS} levels deep` };
}

/** Tags and meta have room for half a line each, with their content beside them. */
function keptProblem(field: "tags" | "meta", value: unknown): FieldProblem | undefined {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // As for a number too large for JSON, or an object that holds itself.
  }
  if (text === undefined) return { field, why: "it must be JSON" };
  if (Buffer.byteLength(text) <= MAX_KEPT_BYTES) return undefined;
  return { field, why: `it may have at most ${MAX_KEPT_BYTES} bytes of JSON` };
}

/** The condition of a query that breaks a rule, if any. */
export function queryProblem(query: { [K in keyof MemoryQuery]?: unknown }): FieldProblem | undefined {
  for (const field of ["content_contains", "tag_prefix"] as const) {
    if (!isAbsent(query[field]) && typeof query[field] !== "string") return { field, why: "it must be text" };
  }
  for (const field of ["since_ms", "until_ms"] as const) {
    if (!isAbsent(query[field]) && !Number.isSafeInteger(query[field]))
      return { field, why: "it must be a whole number of milliseconds" };
  }
  const { limit } = query;
  if (!isAbsent(limit) && !isCount(limit))
    return { field: "limit", why: "it must be a whole number from 0 on" };
  return undefined;
}

/** The conditions of an extension's query that can be used. Public extensions send fractions of a millisecond and the like. */
export function usableQuery(query: JsonObject): MemoryQuery {
  const { content_contains, tag_prefix, since_ms, until_ms, limit } = query;
  return {
    ...(typeof content_contains === "string" ? { content_contains } : {}),
    ...(typeof tag_prefix === "string" ? { tag_prefix } : {}),
    ...(isCount(since_ms) ? { since_ms } : {}),
    ...(isCount(until_ms) ? { until_ms } : {}),
    ...(isCount(limit) ? { limit } : {}),
  };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** Null counts as not given: many languages write an absent field so. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
