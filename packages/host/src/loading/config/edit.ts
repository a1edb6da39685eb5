const COMMENT = "#";

// An entry of the file is one line, so that a value holds no line break.
// oxlint-disable-next-line no-control-regex
const BAD_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]/;
// oxlint-disable-next-line no-control-regex
const BAD_KEY = /[./\s=\u0000-\u001f\u007f]/;

/** Longest value, in bytes: far above what anybody types, far below what hurts. */
export const MAX_VALUE_BYTES = 64 * 1024;
export const MAX_KEY_LENGTH = 128;

/** Returns the reason why a text cannot be a key of a configuration file; undefined for a good key. */
export function keyProblem(key: string): string | undefined {
  if (key === "") return "it is empty";
  if (key.length > MAX_KEY_LENGTH) return `it is over ${MAX_KEY_LENGTH} characters`;
  if (key.startsWith(COMMENT)) return "a line that starts with '#' is a comment";
  if (BAD_KEY.test(key)) return "it has a dot, a slash, '=', white space or control characters";
  return undefined;
}

/** Returns the reason why a text cannot be a value of a configuration file; undefined for a good value. */
export function valueProblem(value: string): string | undefined {
  if (Buffer.byteLength(value) > MAX_VALUE_BYTES) return `it is over ${MAX_VALUE_BYTES} bytes`;
  if (BAD_VALUE.test(value)) return "it has line breaks or control characters";
  return undefined;
}

/**
 * Returns the text of a configuration file with one key set or removed. All other lines, comments and line ends stay.
 * Of a key that stands in the file twice, the last line counts: a new value changes the last line, and a removal removes
 * every line of the key.
 */
export function withKey(text: string, key: string, value: string | undefined): string {
  const lines: string[] = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (value === undefined) return lines.filter((line) => keyOf(line) !== key).join("");
  const entry = `${key} = ${value}`.trimEnd();
  const at = lines.findLastIndex((line) => keyOf(line) === key);
  const near = lines[at] ?? lines.at(-1);
  // A new line ends like the one that it replaces or follows.
  const lineEnd = near?.endsWith("\r\n") ? "\r\n" : "\n";
  if (at === -1) {
    if (near !== undefined && !near.endsWith("\n")) lines[lines.length - 1] = near + lineEnd;
    lines.push(entry + lineEnd);
  } else lines[at] = entry + lineEnd;
  return lines.join("");
}

function keyOf(raw: string): string | undefined {
  const line = raw.replace(/^\uFEFF/, "").trim();
  const equals = line.indexOf("=");
  return line.startsWith(COMMENT) || equals <= 0 ? undefined : line.slice(0, equals).trim();
}
