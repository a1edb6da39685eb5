/** Longest regular expression that is used. */
const MAX_PATTERN_LENGTH = 4_096;

/** The regular expression of a schema; undefined for a text that is none. */
export function patternOf(text: string): RegExp | undefined {
  if (text.length > MAX_PATTERN_LENGTH) return undefined;
  try {
    return new RegExp(text, "u");
  } catch {
    // Many schemas escape more than the strict syntax allows.
    try {
      return new RegExp(text);
    } catch {
      return undefined;
    }
  }
}
