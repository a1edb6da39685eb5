import { MAX_NESTING } from "@synaps/sdk/framing";
import type { JsonValue } from "@synaps/sdk/protocol";
import { messageOf } from "../errors.js";
import type { ReadEvent } from "./event-input.js";
import { boxed, isOpaque, notJson, unlikeJson } from "./json-likeness.js";

/**
 * The same event with values of its own, which the program cannot change any more. Long texts are shared and never written
 * out: a snapshot as text would cost as much as sending it. Throws a HostError for what JSON cannot carry.
 */
export function ownCopy({ envelope, extras, hasOutput }: ReadEvent): ReadEvent {
  const { kind } = envelope;
  const tool_input = copied(envelope.tool_input, "/tool_input", kind);
  const data = copied(envelope.data, "/data", kind);
  const transcript = copied(envelope.transcript, "/transcript", kind) as JsonValue[] | null;
  return { envelope: { ...envelope, tool_input, data, transcript }, extras, hasOutput };
}

function copied(value: JsonValue, pointer: string, kind: string): JsonValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  let copy: unknown;
  try {
    copy = plainCopy(value, 0);
  } catch (error) {
    throw notJson(kind, `the value at ${pointer} cannot be read: ${messageOf(error)}`);
  }
  const problem = unlikeJson(copy, pointer);
  if (problem !== undefined) throw notJson(kind, problem);
  return (copy ?? null) as JsonValue;
}

/** The value as JSON would have it. What JSON does not have stays as it is, for `unlikeJson` to find. */
export function plainCopy(value: unknown, depth: number): unknown {
  // JSON has no negative zero.
  if (typeof value !== "object" || value === null) return value === 0 ? 0 : value;
  if (typeof (value as { toJSON?: unknown }).toJSON !== "function") return copyOfObject(value, depth);
  const answer = (value as { toJSON(): unknown }).toJSON();
  if (answer === null && value instanceof Date) return value;
  return typeof answer === "object" && answer !== null ? copyOfObject(answer, depth) : answer;
}

function copyOfObject(value: object, depth: number): unknown {
  if (depth >= MAX_NESTING) return value;
  if (Array.isArray(value)) return value.map((item) => plainCopy(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const inner = boxed(value);
    if (inner !== undefined) return inner;
    if (isOpaque(value)) return value;
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = plainCopy((value as Record<string, unknown>)[key], depth + 1);
    if (member === undefined) continue;
    if (key === "__proto__") Object.defineProperty(copy, key, { value: member, ...DATA });
    else copy[key] = member;
  }
  return copy;
}

const DATA = { enumerable: true, writable: true, configurable: true } as const;
