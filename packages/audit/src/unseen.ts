/** Characters that JSON leaves as they are, and that end a line or obey a terminal somewhere. */
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON with escapes in their place: the same value. */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
