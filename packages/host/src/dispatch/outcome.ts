import type { JsonValue } from "@synaps/sdk/protocol";
import type { Vote } from "./votes.js";

/** What all the votes come to. `by` names the extension that decided. */
export type Decision =
  | { readonly action: "continue" }
  | { readonly action: "block"; readonly reason: string; readonly by: string }
  /** `input` is there when an earlier rewrite changed it: what to run once the user agreed. */
  | { readonly action: "confirm"; readonly message: string; readonly by: string; readonly input?: JsonValue }
  | { readonly action: "modify"; readonly input: JsonValue; readonly by: string }
  | { readonly action: "inject"; readonly content: string }
  | { readonly action: "replace"; readonly output: string; readonly by: string };

/** The merged result of one event. */
export type Outcome = Decision & {
  readonly kind: string;
  /** One per matching subscription, in the order of asking. Empty until `settled` for kinds that do not wait. */
  readonly votes: readonly Vote[];
  readonly durationMs: number;
  /** Resolves when every vote is in: at once for gates, later for observers. Never rejects. */
  readonly settled: Promise<Outcome>;
};

export function outcomeOf(
  kind: string,
  decision: Decision,
  votes: readonly Vote[],
  durationMs: number,
  later?: Promise<Outcome>,
): Outcome {
  const outcome = { ...decision, kind, votes, durationMs } as Outcome & { settled: Promise<Outcome> };
  // Not enumerable: an outcome is printed and compared as data.
  Object.defineProperty(outcome, "settled", { value: later ?? Promise.resolve(outcome), enumerable: false });
  return outcome;
}
