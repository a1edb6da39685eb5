/** A text as one word of a POSIX shell, whatever stands in it. Throws for a text with a NUL, which no shell can hold. */
export function shellQuoted(text: string): string {
  if (text.includes("\0")) throw new RangeError("a text with a NUL cannot stand in a shell script");
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
