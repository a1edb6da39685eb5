import type { JsonObject } from "@synaps/sdk/protocol";
import { mergeInputs } from "../event/input-view.js";
import { DECISIONS, type Answer } from "./answer.js";

/** The answers of all hooks of an event, merged. */
export interface Merged {
  /** The strictest decision. */
  readonly decision?: Answer["decision"];
  /** Reasons of those who decided so. */
  readonly reasons: readonly string[];
  /** Reasons of refusals and contexts, as they were declared: after a tool, both are texts beside its output. */
  readonly texts: readonly string[];
  readonly contexts: readonly string[];
  /** The input after all changes; absent when it stays. */
  readonly input?: JsonObject;
  /** Members of the input that two hooks changed differently. */
  readonly conflicts: readonly string[];
  readonly output?: string;
  readonly stop?: string;
}

/** Merges answers in the order in which their hooks were declared, however fast each was. */
export function merge(answers: readonly Answer[], seen: JsonObject): Merged {
  const decision = DECISIONS.find((name) => answers.some((answer) => answer.decision === name));
  const deciding = answers.filter((answer) => answer.decision === decision);
  const wanted = answers.flatMap(({ input }) => (input === undefined ? [] : [input]));
  const { merged, conflicts } = mergeInputs(seen, wanted);
  const output = answers.findLast((answer) => answer.output !== undefined)?.output;
  const stop = answers.find((answer) => answer.stop !== undefined)?.stop;
  const isChanged = JSON.stringify(merged) !== JSON.stringify(seen);
  return {
    ...(decision === undefined ? {} : { decision }),
    reasons: deciding.flatMap(({ reason }) => reason ?? []),
    texts: answers.flatMap(({ decision: own, reason, contexts }) => [
      ...(own === "deny" && reason !== undefined ? [reason] : []),
      ...contexts,
    ]),
    contexts: answers.flatMap(({ contexts }) => contexts),
    ...(isChanged ? { input: merged } : {}),
    conflicts,
    ...(output === undefined ? {} : { output }),
    ...(stop === undefined ? {} : { stop }),
  };
}
