import type { ByteLength } from "@synaps/sdk/protocol";

/** One for each character of the base64 alphabet, by its code. */
const ALPHABET = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  ALPHABET[character.charCodeAt(0)] = 1;

/** Number of bytes that a base64 text with padding stands for; undefined for any other text. One look at each character. */
export function decodedBytes(text: string): number | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  for (let n = 0; n < length - padding; n += 1) {
    // Codes beyond the table are undefined, which is no one either.
    if (ALPHABET[text.charCodeAt(n)] !== 1) return undefined;
  }
  return (length / 4) * 3 - padding;
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
