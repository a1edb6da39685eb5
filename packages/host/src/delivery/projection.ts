import {
  ENVELOPE_KEYS,
  isJsonObject,
  pointerKeys,
  type EnvelopeField,
  type JsonValue,
} from "@synaps/sdk/protocol";
import type { Envelope } from "./event-input.js";

/** A member that is taken whole, or the members of it that are taken. */
type Branch = "whole" | ReadonlyMap<string, Branch>;
type Growing = "whole" | Map<string, Growing>;

/** Reads one member of an event, so that nothing else of it has to be made. */
export type MemberOf = (member: keyof Envelope) => JsonValue;

/**
 * The parts of an event that one hook gets, by JSON pointers. Takes members of objects only: a pointer that leads into a
 * list or to nothing takes nothing. The kind is always taken: it tells the hooks of an extension apart.
 */
export class Projection {
  /** The same for all lists of pointers that take the same. */
  readonly key: string;
  readonly pointers: readonly string[];
  readonly #tree: ReadonlyMap<string, Branch>;

  /** Pointers must be well-formed; the manifest's rules say which are. One below another adds nothing. */
  constructor(pointers: readonly string[]) {
    const tree = new Map<string, Growing>([["kind", "whole"]]);
    for (const pointer of pointers) grow(tree, pointerKeys(pointer) ?? []);
    this.#tree = tree;
    this.pointers = Object.freeze([...pointers]);
    this.key = JSON.stringify(ENVELOPE_KEYS.map((name) => written(tree.get(name))));
  }

  /** True if a member of the envelope is taken, whole or in part. */
  takes(member: keyof Envelope): boolean {
    return this.#tree.has(member);
  }

  /** The parts, in the shape of the envelope. What is not taken is absent, and so is an object of which nothing is there. */
  pick(memberOf: MemberOf): Partial<Envelope> {
    const picked: Record<string, JsonValue> = {};
    for (const name of ENVELOPE_KEYS) {
      const branch = this.#tree.get(name);
      const value = branch && part(memberOf(name), branch);
      if (value !== undefined) picked[name] = value;
    }
    return picked;
  }

  /** The pointer of the first member of an answer that the hook does not get, or "" for an answer of a wrong form. */
  stray(field: EnvelopeField, answer: JsonValue): string | undefined {
    const branch = this.#tree.get(field);
    return branch === undefined ? `/${field}` : strayIn(answer, branch, `/${field}`);
  }

  /**
   * The whole value of a field with the members of an answer in it; all others stay. Undefined if the event has no object
   * where the answer needs one. `answer` has no stray member.
   */
  merge(field: EnvelopeField, whole: JsonValue, answer: JsonValue): JsonValue | undefined {
    const branch = this.#tree.get(field);
    return branch && merged(whole, answer, branch);
  }
}

function grow(tree: Map<string, Growing>, [key, ...rest]: readonly string[]): void {
  if (key === undefined) return;
  const branch = tree.get(key);
  if (branch === "whole") return;
  if (rest.length === 0) return void tree.set(key, "whole");
  const inner = branch ?? new Map<string, Growing>();
  tree.set(key, inner);
  grow(inner, rest);
}

function written(branch: Branch | undefined): unknown {
  if (branch === undefined || branch === "whole") return branch === undefined ? 0 : 1;
  return [...branch].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, written(inner)]);
}

function part(value: JsonValue, branch: Branch): JsonValue | undefined {
  if (branch === "whole") return value;
  if (!isJsonObject(value)) return undefined;
  const parts: [string, JsonValue][] = [];
  for (const [key, inner] of branch) {
    const own = Object.hasOwn(value, key) ? value[key] : undefined;
    const taken = own === undefined ? undefined : part(own, inner);
    if (taken !== undefined) parts.push([key, taken]);
  }
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

function strayIn(answer: JsonValue, branch: Branch, at: string): string | undefined {
  if (branch === "whole") return undefined;
  if (!isJsonObject(answer)) return at;
  for (const [key, value] of Object.entries(answer)) {
    const inner = branch.get(key);
    const pointer = `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const found = inner === undefined ? pointer : strayIn(value, inner, pointer);
    if (found !== undefined) return found;
  }
  return undefined;
}

function merged(whole: JsonValue | undefined, answer: JsonValue, branch: Branch): JsonValue | undefined {
  if (branch === "whole") return answer;
  if (whole !== undefined && whole !== null && !isJsonObject(whole)) return undefined;
  const members = new Map<string, JsonValue>(Object.entries(whole ?? {}) as [string, JsonValue][]);
  for (const [key, value] of Object.entries(answer as Record<string, JsonValue>)) {
    const inner = branch.get(key);
    const member = inner && merged(members.get(key), value, inner);
    if (member === undefined) return undefined;
    members.set(key, member);
  }
  return Object.fromEntries(members);
}
