import { StringDecoder } from "node:string_decoder";
import { MAX_NESTING } from "./limits.js";

/** The reason for which an announced length does not fit its body, as far as the body tells. */
export type LengthFault = "characters" | "line_ends" | "too_short" | "too_long";

/** The beginning of the next header inside of this body. */
const NEXT_HEADER = /\}\s*con/i;

/** Bodies in a row that are looked at: the look doubles the cost of a body in a flood, and what it finds is told once. */
const MOST_LOOKS = 64;

/** Looks at the first bodies of a row that are no messages. */
export class LengthLooks {
  #left = MOST_LOOKS;

  /** The fault of the body; undefined also when the row is longer than is looked at. */
  look(body: Buffer): LengthFault | undefined {
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    return lengthFault(body);
  }

  /** A message came: another row begins. */
  refill(): void {
    this.#left = MOST_LOOKS;
  }
}

/**
 * Looks for the miscount in a body that is no JSON. Undefined when the body does not begin like a message, or when the
 * text of the body is wrong and not its length.
 */
function lengthFault(body: Buffer): LengthFault | undefined {
  // A character that the end of the body cuts in two is left out.
  const text = new StringDecoder("utf8").write(body);
  if (!/^\s*\{/.test(text) || text.includes("\ufffd")) return undefined;
  if (NEXT_HEADER.test(text)) return "too_long";
  const missing = missingEnd(text);
  if (missing === undefined || missing === "") return undefined;
  if (missing.length <= continuationBytes(body)) return "characters";
  return missing.length <= text.split("\r\n").length - 1 ? "line_ends" : "too_short";
}

/** The characters that would complete a JSON text of which the end is missing. */
function missingEnd(text: string): string | undefined {
  const open: string[] = [];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === "{") open.push("}");
    else if (character === "[") open.push("]");
    else if (character === "}" || character === "]") open.pop();
    if (open.length > MAX_NESTING) return undefined;
  }
  const missing = `${quoted ? '"' : ""}${open.reverse().join("")}`;
  try {
    JSON.parse(text + missing);
    return missing;
  } catch {
    return undefined;
  }
}

/** Bytes that a count of characters leaves out. */
function continuationBytes(body: Buffer): number {
  return body.reduce((count, byte) => count + ((byte & 0xc0) === 0x80 ? 1 : 0), 0);
}
