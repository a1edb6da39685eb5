// Sticky: each is tried where the last one ended.
const SPACE = /[ \t\n\r]*/y;
const TOKEN = /[[\]{},:]|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// All but the quote, the backslash and control characters.
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = "value" | "value_or_end" | "key" | "key_or_end" | "colon" | "comma_or_end" | "nothing";

/**
 * Offset of the first character at which `text` stops being JSON; its length when it only ends too early, or when
 * it is JSON. The parser's own message is of no use for this: it differs between Node versions, often names no
 * position, and quotes the file.
 */
export function jsonErrorOffset(text: string): number {
  const open: string[] = [];
  let expected: Expected = "value";
  let at = endOf(SPACE, text, 0);
  for (; at < text.length; at = endOf(SPACE, text, at)) {
    if (text[at] === '"') {
      if (!expected.startsWith("key") && !expected.startsWith("value")) return at;
      at = endOfString(text, at + 1);
      if (text[at] !== '"') return at;
      at += 1;
      expected = expected.startsWith("key") ? "colon" : after(open);
      continue;
    }
    const end = endOf(TOKEN, text, at);
    const token = text.slice(at, end);
    if (token === "" || !isAllowed(token, expected, open.at(-1))) return at;
    if (token === "{" || token === "[") open.push(token);
    if (token === "}" || token === "]") open.pop();
    expected = next(token, open);
    at = end;
  }
  return text.length;
}

function isAllowed(token: string, expected: Expected, inside: string | undefined): boolean {
  switch (token) {
    case "}":
      return inside === "{" && (expected === "key_or_end" || expected === "comma_or_end");
    case "]":
      return inside === "[" && (expected === "value_or_end" || expected === "comma_or_end");
    case ",":
      return expected === "comma_or_end";
    case ":":
      return expected === "colon";
    default:
      return expected.startsWith("value");
  }
}

function next(token: string, open: readonly string[]): Expected {
  switch (token) {
    case "{":
      return "key_or_end";
    case "[":
      return "value_or_end";
    case ":":
      return "value";
    case ",":
      return open.at(-1) === "{" ? "key" : "value";
    default:
      return after(open);
  }
}

function after(open: readonly string[]): Expected {
  return open.length === 0 ? "nothing" : "comma_or_end";
}

/** Offset of the closing quote, or of what may not stand in a string. */
function endOfString(text: string, start: number): number {
  let at = start;
  for (;;) {
    // In steps: one expression for the whole of a long string overflows the engine's stack.
    const plain = endOf(PLAIN, text, at);
    const escaped = endOf(ESCAPE, text, plain);
    if (escaped === plain) return plain;
    at = escaped;
  }
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
