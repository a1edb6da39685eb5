/** Stands for a number, whose text is rarely longer. */
const NUMBER_LENGTH = 8;

/**
 * Length of a value as JSON in UTF-16 code units, without writing it: for values that may never be written. Counts characters
 * that JSON escapes as one, and numbers as eight. Expects plain values, as a snapshot of an event has them.
 */
export function jsonLength(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return NUMBER_LENGTH;
  if (typeof value !== "object" || value === null) return String(value).length;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + jsonLength(one) + 1, 2);
  let length = 2;
  for (const [key, one] of Object.entries(value)) length += key.length + 4 + jsonLength(one);
  return length;
}
