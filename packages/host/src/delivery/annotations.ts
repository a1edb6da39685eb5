import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { lineOf } from "../text-bounds.js";
import { unlikeJson } from "./json-likeness.js";

/** Most members of the shared context of one event. */
export const MAX_ANNOTATIONS = 32;
/** Most bytes of all of them together, as JSON. */
export const MAX_ANNOTATIONS_BYTES = 8 * 1024;
/** Longest name of a member, in characters. */
const MAX_KEY_LENGTH = 64;
/** Members that a report names. */
const MAX_NAMED = 4;

/** A member of the shared context of one event, with who set it last. */
export interface Annotation {
  readonly value: JsonValue;
  /** Id of the extension or hook. */
  readonly by: string;
  readonly subscription: string;
}

/** The shared context that the hooks of one event add to. Immutable: whoever was asked with one sees just that. */
export class Annotations {
  static readonly NONE = new Annotations(new Map(), 0);
  readonly #members: ReadonlyMap<string, Annotation>;
  readonly #bytes: number;
  #text: string | undefined;

  private constructor(members: ReadonlyMap<string, Annotation>, bytes: number) {
    this.#members = members;
    this.#bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** The members as JSON. */
  get text(): string {
    this.#text ??= JSON.stringify(
      Object.fromEntries([...this.#members].map(([key, { value }]) => [key, value])),
    );
    return this.#text;
  }

  /** The members with who set them. */
  get members(): Readonly<Record<string, Annotation>> {
    return Object.fromEntries(this.#members);
  }

  /** Adds members that a hook answered with. `dropped` says which of them had no room or are no JSON, and why. */
  with(
    given: unknown,
    by: string,
    subscription: string,
  ): { annotations: Annotations; dropped: string | undefined } {
    if (!isJsonObject(given)) return { annotations: this, dropped: "annotations must be an object" };
    const members = new Map(this.#members);
    const dropped: string[] = [];
    let bytes = this.#bytes;
    for (const [key, value] of Object.entries(given)) {
      const earlier = members.get(key);
      const problem = problemOf(key, value);
      const needed =
        problem === undefined ? bytesOf(key, value) - (earlier ? bytesOf(key, earlier.value) : 0) : 0;
      if (problem !== undefined) dropped.push(problem);
      else if (!earlier && members.size >= MAX_ANNOTATIONS)
        dropped.push(`'${key}': more than ${MAX_ANNOTATIONS} members`);
      else if (bytes + needed > MAX_ANNOTATIONS_BYTES)
        dropped.push(`'${key}': more than ${MAX_ANNOTATIONS_BYTES} bytes in all`);
      else {
        bytes += needed;
        members.set(key, { value: JSON.parse(JSON.stringify(value)) as JsonValue, by, subscription });
      }
    }
    const report =
      dropped.length === 0
        ? undefined
        : `${dropped.length} dropped: ${dropped.slice(0, MAX_NAMED).join("; ")}`;
    return { annotations: new Annotations(members, bytes), dropped: report };
  }
}

function problemOf(key: string, value: unknown): string | undefined {
  const name = `'${lineOf(key, MAX_KEY_LENGTH)}'`;
  if (key === "" || key.length > MAX_KEY_LENGTH || name !== `'${key}'`)
    return `${name}: a name has 1 to ${MAX_KEY_LENGTH} plain characters`;
  const problem = value === undefined ? "undefined is no JSON" : unlikeJson(value, "/value");
  return problem === undefined ? undefined : `${name}: ${problem}`;
}

function bytesOf(key: string, value: unknown): number {
  return Buffer.byteLength(JSON.stringify(key)) + Buffer.byteLength(JSON.stringify(value)) + 2;
}
