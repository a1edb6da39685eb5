import type { Field, Redirection, Value } from "../model.js";
import type { Walk } from "../walk.js";

/** A thing that a program starts: a program with its words, or shell text. */
export interface Launch {
  readonly words?: readonly Field[];
  readonly redirections?: readonly Redirection[];
  readonly script?: Value;
  /** The standard input, the machine and the like that differ from those of the program that starts it. */
  readonly changes?: Partial<Walk>;
}
