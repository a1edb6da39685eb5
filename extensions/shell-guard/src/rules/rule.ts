import type { Invocation } from "../model.js";
import type { Place } from "../paths.js";
import { texts } from "../args.js";
import { lastKept } from "../remembered.js";

export type Severity = "block" | "confirm";

/** One entry of the rule table. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What it is about, for the rule table. */
  readonly about: string;
  /** What to do instead. */
  readonly remedy: string;
  /** False for the name of a program that the rule says nothing about, whatever its words. Default: it may be about any. */
  readonly isAbout?: (name: string) => boolean;
  /** Why the command falls under the rule, or undefined when it does not. */
  match(invocation: Invocation, place: Place): string | undefined;
}

/** Rules that the walk itself triggers have nothing to match. */
export const never = (): undefined => undefined;

/** The arguments as one line, for commands that are recognised by their first words. */
export const line = lastKept((invocation: Invocation): string => texts(invocation.args).join(" "));
