/** Line and column of a key in the file, each from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Places of the keys of a file. */
export interface KeyPlaces {
  /** Place of a key or table; undefined for what stands in a list. */
  at(path: readonly string[]): Place | undefined;
  /** The first key that stands twice in one object of JSON. */
  readonly twice: { readonly path: readonly string[]; readonly place: Place } | undefined;
}

// Sticky: each is tried where the last one ended.
const BLANK = /[ \t\r\n]*/y;
const NAME = /[A-Za-z0-9_-]*/y;
const BARE = /[^,\]}\n#]*/y;
// In pieces: one expression for the whole of a long string overflows the engine's stack.
const PLAIN = /[^"'\\]*/y;

/**
 * Finds the place of each key in a text that a parser took already, so that it is neither wrong nor nested without bounds. TOML
 * has `=` between key and value, JSON has `:`.
 */
export function keyPlaces(text: string, separator: "=" | ":"): KeyPlaces {
  const scan = new Scan(text, separator);
  if (separator === ":") scan.value(scan.root);
  else scan.statements();
  return scan;
}

/** The place of an offset in a text. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

/** One key with those below it: a tree takes as much memory as the text does, also with long names of tables. */
class Entry {
  place: Place | undefined;
  readonly #name: string;
  readonly #above: Entry | undefined;
  #below: Map<string, Entry> | undefined;

  constructor(name: string, above?: Entry) {
    this.#name = name;
    this.#above = above;
  }

  below(name: string): Entry {
    this.#below ??= new Map();
    let entry = this.#below.get(name);
    if (entry === undefined) this.#below.set(name, (entry = new Entry(name, this)));
    return entry;
  }

  find(name: string): Entry | undefined {
    return this.#below?.get(name);
  }

  path(): string[] {
    return this.#above === undefined ? [] : [...this.#above.path(), this.#name];
  }
}

class Scan implements KeyPlaces {
  readonly root = new Entry("");
  twice: KeyPlaces["twice"];
  readonly #text: string;
  readonly #separator: string;
  #at = 0;
  /** Number of the line that the last key stands in, and the offsets at which this line begins and ends. */
  #line = 1;
  #lineStart = 0;
  #lineEnd: number;

  constructor(text: string, separator: string) {
    this.#text = text;
    this.#separator = separator;
    this.#lineEnd = this.#endFrom(0);
  }

  at(path: readonly string[]): Place | undefined {
    return path.reduce<Entry | undefined>((entry, name) => entry?.find(name), this.root)?.place;
  }

  statements(): void {
    let table: Entry | undefined = this.root;
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      if (this.#text[this.#at] !== "[") {
        this.#pair(table);
        continue;
      }
      const isList = this.#text.startsWith("[[", this.#at);
      this.#at += isList ? 2 : 1;
      const entry = this.#key(this.root);
      this.#at += isList ? 2 : 1;
      table = isList ? undefined : entry;
    }
  }

  /** Goes behind a value. Keys in it are recorded below the entry, if there is one. */
  value(entry: Entry | undefined): void {
    this.#skip();
    const char = this.#text[this.#at];
    if (char === '"' || char === "'") this.#string();
    else if (char === "[") this.#members("]", () => this.value(undefined));
    else if (char === "{") this.#members("}", () => this.#pair(entry));
    else this.#pass(BARE);
  }

  #pair(table: Entry | undefined): void {
    const entry = this.#key(table);
    this.#at += this.#separator.length;
    this.value(entry);
  }

  #members(end: string, member: () => void): void {
    this.#at += 1;
    for (this.#skip(); this.#at < this.#text.length && this.#text[this.#at] !== end; this.#skip()) {
      if (this.#text[this.#at] === ",") this.#at += 1;
      else member();
    }
    this.#at += 1;
  }

  /** Reads a key up to what stands behind it, and records its place and those of its tables. */
  #key(table: Entry | undefined): Entry | undefined {
    let entry = table;
    const place = this.#place();
    for (;;) {
      this.#skip();
      const start = this.#at;
      const isText = this.#text[start] === '"' || this.#text[start] === "'";
      if (isText) this.#string();
      else this.#pass(NAME);
      const raw = this.#text.slice(start, this.#at);
      entry = entry?.below(isText ? unquoted(raw) : raw);
      this.#skip();
      // TOML's own parser refuses a key that stands twice.
      if (this.#separator === ":" && entry?.place) this.twice ??= { path: entry.path(), place };
      if (entry) entry.place ??= place;
      if (this.#separator === ":" || this.#text[this.#at] !== ".") return entry;
      this.#at += 1;
    }
  }

  /** The place that was reached. Places are asked for in the order of the text. */
  #place(): Place {
    while (this.#lineEnd < this.#at) {
      this.#line += 1;
      this.#lineStart = this.#lineEnd + 1;
      this.#lineEnd = this.#endFrom(this.#lineStart);
    }
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #pass(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex;
  }

  #endFrom(offset: number): number {
    const end = this.#text.indexOf("\n", offset);
    return end === -1 ? this.#text.length : end;
  }

  /** Goes behind a string of any of TOML's four forms; JSON has the first of them. */
  #string(): void {
    const quote = this.#text[this.#at] ?? "";
    const isLong = this.#separator === "=" && this.#text.startsWith(quote.repeat(3), this.#at);
    const end = isLong ? quote.repeat(3) : quote;
    for (this.#at += end.length; this.#at < this.#text.length; this.#at += 1) {
      this.#pass(PLAIN);
      if (this.#text.startsWith(end, this.#at)) break;
      if (quote === '"' && this.#text[this.#at] === "\\") this.#at += 1;
    }
    this.#at += end.length;
    // Up to two quotes may stand before the three that end a long string.
    while (isLong && this.#text[this.#at] === quote) this.#at += 1;
  }

  #skip(): void {
    for (;;) {
      this.#pass(BLANK);
      if (this.#separator !== "=" || this.#text[this.#at] !== "#") return;
      this.#at = this.#endFrom(this.#at);
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
