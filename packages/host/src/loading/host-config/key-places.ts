import { keyText } from "./names.js";

/** Line and column of a key in the file, each from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Places of keys by their text, and the first key that stands twice in one table. */
export interface KeyPlaces {
  readonly places: ReadonlyMap<string, Place>;
  readonly twice: { readonly key: string; readonly place: Place } | undefined;
}

/** Deeper and longer than anything that the configuration has: such keys need no place. */
const DEEPEST_KEY = 5;
const MAX_PART_LENGTH = 160;
/** More keys than a right configuration can have. */
const MOST_PLACES = 60_000;
const BLANK = /[ \t\r\n]/;
const BARE_END = /[,\]}\n#]/;

/**
 * Finds the place of each key in a text that a parser took already. TOML has `=` between key and value, JSON has `:`. Keys
 * of tables in lists have no place.
 */
export function keyPlaces(text: string, separator: "=" | ":"): KeyPlaces {
  const scan = new Scan(text, separator);
  if (separator === ":") scan.value([]);
  else scan.statements();
  return scan;
}

/** The place of an offset in a text. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

type Path = readonly string[] | undefined;

class Scan implements KeyPlaces {
  readonly places = new Map<string, Place>();
  twice: KeyPlaces["twice"];
  readonly #text: string;
  readonly #separator: string;
  #at = 0;
  /** Number of the line that the last key stands in, and the offset at which this line begins. */
  #line = 1;
  #lineStart = 0;

  constructor(text: string, separator: string) {
    this.#text = text;
    this.#separator = separator;
  }

  statements(): void {
    let base: Path = [];
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      const start = this.#at;
      if (this.#text[this.#at] !== "[") {
        this.#pair(base);
        continue;
      }
      const isList = this.#text.startsWith("[[", this.#at);
      this.#at += isList ? 2 : 1;
      base = this.#key([]);
      this.#at += isList ? 2 : 1;
      if (isList) base = undefined;
      else this.#record(base, start);
    }
  }

  value(path: Path): void {
    this.#skip();
    const char = this.#text[this.#at];
    if (char === '"' || char === "'") this.#string();
    else if (char === "[") this.#members("]", () => this.value(undefined));
    else if (char === "{") this.#members("}", () => this.#pair(path));
    else while (this.#at < this.#text.length && !BARE_END.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  #pair(base: Path): void {
    const start = this.#at;
    const path = this.#key(base);
    this.#record(path, start);
    this.#at += this.#separator.length;
    this.value(path);
  }

  #members(end: string, member: () => void): void {
    this.#at += 1;
    for (this.#skip(); this.#at < this.#text.length && this.#text[this.#at] !== end; this.#skip()) {
      if (this.#text[this.#at] === ",") this.#at += 1;
      else member();
    }
    this.#at += 1;
  }

  /** Reads a key up to what stands behind it. Undefined for a key that is too deep to matter. */
  #key(base: Path): Path {
    const parts = [...(base ?? [])];
    let isKnowable = base !== undefined;
    for (;;) {
      this.#skip();
      const start = this.#at;
      const isText = /["']/.test(this.#text[start] ?? "");
      if (isText) this.#string();
      else while (/[A-Za-z0-9_-]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
      const raw = this.#text.slice(start, this.#at);
      isKnowable &&= parts.length < DEEPEST_KEY && raw.length <= MAX_PART_LENGTH;
      if (isKnowable) parts.push(isText ? unquoted(raw) : raw);
      this.#skip();
      if (this.#separator === ":" || this.#text[this.#at] !== ".") break;
      this.#at += 1;
    }
    return isKnowable ? parts : undefined;
  }

  #record(path: Path, offset: number): void {
    if (path === undefined || this.places.size >= MOST_PLACES) return;
    const key = keyText(path);
    for (;;) {
      const end = this.#text.indexOf("\n", this.#lineStart);
      if (end === -1 || end >= offset) break;
      this.#line += 1;
      this.#lineStart = end + 1;
    }
    const place = { line: this.#line, column: offset - this.#lineStart + 1 };
    if (this.places.has(key)) this.twice ??= { key, place };
    else this.places.set(key, place);
  }

  /** Goes behind a string of any of TOML's four forms; JSON has the first of them. */
  #string(): void {
    const quote = this.#text[this.#at] ?? "";
    const isLong = this.#separator === "=" && this.#text.startsWith(quote.repeat(3), this.#at);
    const end = isLong ? quote.repeat(3) : quote;
    for (this.#at += end.length; this.#at < this.#text.length; this.#at += 1) {
      if (this.#text.startsWith(end, this.#at)) break;
      if (quote === '"' && this.#text[this.#at] === "\\") this.#at += 1;
    }
    this.#at += end.length;
    // Up to two quotes may stand before the three that end a long string.
    while (isLong && this.#text[this.#at] === quote) this.#at += 1;
  }

  #skip(): void {
    for (;;) {
      while (BLANK.test(this.#text[this.#at] ?? "")) this.#at += 1;
      if (this.#separator !== "=" || this.#text[this.#at] !== "#") return;
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end === -1 ? this.#text.length : end;
    }
  }
}

function unquoted(raw: string): string {
  if (raw.startsWith("'")) return raw.slice(1, -1);
  try {
    return String(JSON.parse(raw));
  } catch {
    // TOML has escapes that JSON lacks.
    return raw.slice(1, -1);
  }
}
