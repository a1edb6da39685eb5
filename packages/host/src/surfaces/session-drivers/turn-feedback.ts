import { createHash, type Hash } from "node:crypto";

/** A comparison of a turn with the turns before it. `unknown`: the turn was too large to compare. */
export type Feedback = "unknown" | "changed" | "repeated" | "empty";

/** The content of a completed turn, without thinking and without ids of tool calls. */
export interface Turn {
  text: string;
  /** Finished calls in order. With any of them the text is not compared. */
  tools: readonly { name: string; input: unknown; result: unknown }[];
}

const REMEMBERED = 4;
const MAX_BYTES = 1024 * 1024;
const MAX_TOOL_EVENTS = 1_024;
const MAX_NODES = 16_384;
const MAX_DEPTH = 64;

class TooLarge extends Error {}

/**
 * Tells if a session goes round in circles, by the fingerprints of its last four turns under one model and
 * effort. Keeps no text. Bounds: 1 MiB, 1,024 tool events, 16,384 JSON values, 64 levels.
 */
export class TurnFeedback {
  #recent: string[] = [];

  /** Compares a completed turn and remembers it. Turns that were interrupted do not belong here. */
  add(turn: Turn): Feedback {
    if (turn.tools.length === 0 && turn.text.trim() === "") return "empty";
    const print = fingerprint(turn);
    if (print === undefined) return "unknown";
    const feedback = this.#recent.includes(print) ? "repeated" : "changed";
    this.#recent = [...this.#recent, print].slice(-REMEMBERED);
    return feedback;
  }

  /** Forgets all turns: another model was chosen, or the user said something. */
  clear(): void {
    this.#recent = [];
  }
}

function fingerprint({ text, tools }: Turn): string | undefined {
  if (tools.length * 2 > MAX_TOOL_EVENTS) return undefined;
  const writer = new BoundedHash();
  try {
    if (tools.length === 0) writer.value(text, 0);
    for (const { name, input, result } of tools) writer.value([name, input, result], 0);
    return writer.digest();
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** Hashes JSON values with sorted keys, within the bounds. */
class BoundedHash {
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;
  #nodes = 0;

  value(value: unknown, depth: number): void {
    this.#nodes += 1;
    if (depth > MAX_DEPTH || this.#nodes > MAX_NODES) throw new TooLarge();
    if (typeof value !== "object" || value === null) return this.#text(JSON.stringify(value) ?? "null");
    if (Array.isArray(value)) {
      this.#text("[");
      for (const one of value) this.value(one, depth + 1);
      return this.#text("]");
    }
    this.#text("{");
    for (const key of Object.keys(value).sort()) {
      this.#text(JSON.stringify(key));
      this.value((value as Record<string, unknown>)[key], depth + 1);
    }
    return this.#text("}");
  }

  digest(): string {
    return this.#hash.digest("hex");
  }

  #text(text: string): void {
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > MAX_BYTES) throw new TooLarge();
    this.#hash.update(`${text}\n`);
  }
}
