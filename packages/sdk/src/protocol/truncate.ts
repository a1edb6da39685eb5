/**
 * The longest prefix of `text` that takes at most `maxBytes` in UTF-8 and ends at a whole code point.
 * Returns the text itself when it fits.
 */
export function prefixOfBytes(text: string, maxBytes: number): string {
  // A UTF-16 unit takes at most three bytes, so a short text needs no counting.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  // Step back over continuation bytes (10xxxxxx) to the start of the cut code point.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
