const NAME = "content-length";
// What may follow the name. Each kind of character can match in one place only: no line takes quadratic time.
const VALUE = /^[ \t]*:[ \t]*(?:([^ \t]+)[ \t]*)?$/;
const HEADER_LINE = /^[!#$%&'*+.^_`|~0-9a-z-]+[ \t]*:/i;
const DIGITS = /^[0-9]{1,15}$/;

export type HeaderLine =
  | { type: "length"; value: number; strayBytes: number }
  | { type: "bad_length" }
  | { type: "other_header" }
  | { type: "blank" }
  | { type: "stray" };

/** What one line (without its line end) means to the reader. */
export function readHeaderLine(line: string): HeaderLine {
  if (line === "") return { type: "blank" };
  // The last thing on a line counts, so that text printed without a line end before a frame does not hide it.
  const at = line.toLowerCase().lastIndexOf(NAME);
  const match = at === -1 ? null : VALUE.exec(line.slice(at + NAME.length));
  if (match) {
    const digits = match[1] ?? "";
    if (!DIGITS.test(digits)) return { type: "bad_length" };
    return { type: "length", value: Number(digits), strayBytes: at };
  }
  return HEADER_LINE.test(line) ? { type: "other_header" } : { type: "stray" };
}
