import { block, confirm, skip, type Verdict } from "@synaps/sdk/protocol";
import type { Refusing } from "../hook-types.js";

const ANSWERS: Readonly<Record<Refusing, (reason: string) => Verdict>> = { block, confirm, skip };

/** The answer that refuses an event by the action that the program chose. */
export function refuse<R extends Refusing>(by: R, reason: string): Extract<Verdict, { action: R }> {
  return ANSWERS[by](reason) as Extract<Verdict, { action: R }>;
}
