// Everything below a space, DEL, the C1 controls, and the marks that change the direction of writing: none of them
// may reach a terminal from an extension's text, or it could paint over what the user is about to agree to.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const LINE_BREAKS = /\s*[\r\n\t\u2028\u2029]+\s*/g;
/** What JSON.stringify leaves as it is and a terminal may obey. */
// oxlint-disable-next-line no-control-regex
const RAW_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Somebody else's text on one line of a terminal. */
export function plain(text: string): string {
  return text.replace(LINE_BREAKS, " ").replace(UNSAFE, "");
}

/** Somebody else's text on one line of a terminal, with its tabs: they show how a stack trace is indented. */
export function plainWithTabs(text: string): string {
  return text.split("\t").map(plain).join("\t");
}

/** A text as one word of a shell's command line. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A value as one line of JSON, with its line end; the same value, but safe to print. */
export function jsonLine(value: unknown): string {
  return `${escaped(JSON.stringify(value))}\n`;
}

/** Above this length a document stays on one line: deep nesting would indent it to a text that no string holds. */
const MAX_INDENTED = 256 * 1024;

/** A value as a document of several lines. */
export function jsonDocument(value: unknown): string {
  const line = jsonLine(value);
  return line.length > MAX_INDENTED ? line : `${escaped(JSON.stringify(value, null, 2))}\n`;
}

function escaped(json: string): string {
  return json.replace(RAW_IN_JSON, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** "1 error", "2 errors". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
