/** Levels of nesting that a value may have: the same as for every message of an extension. */
export const MAX_LEVELS = 512;

/** True if a value is nested deeper than so many levels. Walks without recursion. */
export function isNestedOver(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const left: [value: object, level: number][] = [[value, 1]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [container, level] = next;
    if (level > levels) return true;
    for (const one of Object.values(container) as unknown[])
      if (typeof one === "object" && one !== null) left.push([one, level + 1]);
  }
  return false;
}

/** True for a number that JSON writes as an integer and that stands for several integers. */
export function isInexact(value: unknown): boolean {
  if (typeof value !== "number" || !Number.isInteger(value)) return false;
  // From 1e21 on, JSON writes an exponent: nobody takes such a number for exact.
  return !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
}

/** Bytes of a value as JSON; infinite for a value that cannot be written as JSON. */
export function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? "null");
  } catch {
    // Nested too deep or in a circle: no bound holds it.
    return Number.POSITIVE_INFINITY;
  }
}
