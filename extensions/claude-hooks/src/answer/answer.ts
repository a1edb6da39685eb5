import type { JsonObject } from "@synaps/sdk/protocol";

/** Permissions that a hook can decide, the strictest first. */
export const DECISIONS = ["deny", "defer", "ask", "allow"] as const;

/** The answer of one hook about one event. */
export interface Answer {
  readonly decision?: (typeof DECISIONS)[number];
  readonly reason?: string;
  /** Texts for the model. */
  readonly contexts: readonly string[];
  readonly input?: JsonObject;
  /** Text in the place of the tool's output. */
  readonly output?: string;
  /** The reason for stopping everything. */
  readonly stop?: string;
  /** Texts for the user. */
  readonly remarks: readonly string[];
  /** The reason why the hook has not voted; another member may count all the same. */
  readonly failure?: string;
}

/** Characters of a text that a hook may hand to the model; the format has the same limit. */
export const MAX_TEXT = 10_000;

/** The beginning of a text that is too long, with a note of how much is missing. */
export function bounded(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters were cut)`;
}
