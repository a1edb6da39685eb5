import type { ByteLength } from "@synaps/sdk/protocol";

/** One for each character of the base64 alphabet, by its code. */
const ALPHABET = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  ALPHABET[character.charCodeAt(0)] = 1;

/** Length from which Node's own decoder is faster than a look at each character; the figure is from Node 20. */
const LONG = 256;
/** Characters that are decoded at a time: groups of four. */
const PIECE = 64 * 1024;
/** Takes what is decoded, which nobody reads. */
const decoded = Buffer.alloc((PIECE / 4) * 3);

/** Number of bytes that a base64 text with padding stands for; undefined for any other text. */
export function decodedBytes(text: string): number | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = (length / 4) * 3 - padding;
  return (length < LONG ? isInAlphabet : isDecoded)(text, length - padding) ? bytes : undefined;
}

function isInAlphabet(text: string, end: number): boolean {
  for (let n = 0; n < end; n += 1) {
    // Codes beyond the table are undefined, which is no one either.
    if (ALPHABET[text.charCodeAt(n)] !== 1) return false;
  }
  return true;
}

/** Node's decoder passes over foreign characters, so that any of them makes fewer bytes. It takes `-` and `_` too. */
function isDecoded(text: string, end: number): boolean {
  if (Buffer.byteLength(text) !== text.length || text.includes("-") || text.includes("_")) return false;
  const padding = text.indexOf("=");
  if (padding !== -1 && padding < end) return false;
  for (let at = 0; at < end; at += PIECE) {
    const piece = text.slice(at, Math.min(at + PIECE, end));
    if (decoded.write(piece, "base64") !== Math.floor((piece.length * 3) / 4)) return false;
  }
  return true;
}

/** True if so many bytes are allowed. */
export function isAllowedLength(bytes: number, allowed: ByteLength): boolean {
  if (typeof allowed === "number") return bytes === allowed;
  return "min" in allowed ? bytes >= allowed.min && bytes <= allowed.max : allowed.includes(bytes);
}

/** The allowed lengths in words. */
export function lengthsInWords(allowed: ByteLength): string {
  if (typeof allowed === "number") return `${allowed} bytes`;
  return "min" in allowed ? `${allowed.min} to ${allowed.max} bytes` : `${allowed.join(" or ")} bytes`;
}

const MOST_DIGITS = "18446744073709551615";

/** True for a whole number from 0 to 2^64-1 in decimal digits, without leading zeros. */
export function isUint64(text: string): boolean {
  if (text.length > MOST_DIGITS.length || !/^(0|[1-9][0-9]*)$/.test(text)) return false;
  return text.length < MOST_DIGITS.length || text <= MOST_DIGITS;
}
