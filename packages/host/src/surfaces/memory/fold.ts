/**
 * A text in the form in which contents are compared: lower case, and one sigma for both that Greek writes at ends and
 * inside of words, so that a part of a text folds to a part of the folded text.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("ς") ? lower.replaceAll("ς", "σ") : lower;
}
