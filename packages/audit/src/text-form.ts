import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { escapeUnseen } from "./unseen.js";

const BARE = /^[A-Za-z0-9_.:-]+$/;

/**
 * `[2026-02-16 10:30:15.123] Event key="value"`. Values are JSON, names that are no plain word too, so that nothing in
 * them can begin another field or another line.
 */
export function textHead(timestamp: string, event: string, metadata: JsonObject): string {
  const time = `${timestamp.slice(0, 10)} ${timestamp.slice(11, 23)}`;
  const fields = Object.entries(metadata)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${word(key)}=${JSON.stringify(value)}`);
  return escapeUnseen(`[${time}] ${word(event)}${fields.join("")}`);
}

/** Reads such a text; undefined for any other. */
export function parseTextHead(
  text: string,
): { timestamp: string; event: string; metadata: JsonObject } | undefined {
  const begun = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\] /.exec(text);
  if (!begun) return undefined;
  const timestamp = `${begun[1]}T${begun[2]}Z`;
  if (Number.isNaN(Date.parse(timestamp))) return undefined;
  try {
    const reader = new FieldReader(text, begun[0].length);
    const event = reader.word();
    const metadata = Object.create(null) as JsonObject;
    while (!reader.isDone) {
      reader.skip(" ");
      const key = reader.word();
      reader.skip("=");
      metadata[key] = reader.value();
    }
    return { timestamp, event, metadata };
  } catch {
    return undefined;
  }
}

function word(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}

/** Takes words and values off a text. Throws where the text is not what it must be. */
class FieldReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  get isDone(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(wanted: string): void {
    if (this.#text[this.#at] !== wanted) throw new Error(`no '${wanted}'`);
    this.#at += 1;
  }

  word(): string {
    if (this.#text[this.#at] === '"') return this.value() as string;
    const end = this.#endOf(/[ =]/g);
    const found = this.#text.slice(this.#at, end);
    if (!BARE.test(found)) throw new Error("no word");
    this.#at = end;
    return found;
  }

  value(): JsonValue {
    const first = this.#text[this.#at];
    const end = first === '"' ? this.#endOfString(this.#at) : this.#endOfNested();
    const found = JSON.parse(this.#text.slice(this.#at, end)) as JsonValue;
    this.#at = end;
    return found;
  }

  #endOf(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.index ?? this.#text.length;
  }

  #endOfString(at: number): number {
    for (let n = at + 1; n < this.#text.length; n += 1) {
      if (this.#text[n] === "\\") n += 1;
      else if (this.#text[n] === '"') return n + 1;
    }
    throw new Error("a string without an end");
  }

  /** The end of a list, an object, or a word without quotes: a space outside of strings and brackets. */
  #endOfNested(): number {
    let depth = 0;
    for (let n = this.#at; n < this.#text.length; n += 1) {
      const one = this.#text[n];
      if (one === '"') n = this.#endOfString(n) - 1;
      else if (one === "[" || one === "{") depth += 1;
      else if (one === "]" || one === "}") depth -= 1;
      else if (one === " " && depth === 0) return n;
    }
    return this.#text.length;
  }
}
