import type { JsonValue } from "@synaps/sdk/protocol";
import type { Annotation } from "../delivery/annotations.js";
import type { Vote } from "../observe/vote.js";

/** The result of all votes. `by` names the extension that decided. */
export type Decision =
  | { readonly action: "continue" }
  | { readonly action: "block"; readonly reason: string; readonly by: string }
  /** `input` is there when an earlier rewrite changed it: what to run once the user agreed. */
  | { readonly action: "confirm"; readonly message: string; readonly by: string; readonly input?: JsonValue }
  | { readonly action: "modify"; readonly input: JsonValue; readonly by: string }
  | { readonly action: "inject"; readonly content: string }
  | { readonly action: "replace"; readonly output: string; readonly by: string };

/** The merged result of one event. */
export type Outcome<D extends Decision = Decision, K extends string = string> = D & {
  readonly kind: K;
  /** One per matching subscription, in the order of asking. Empty until `settled` for kinds that do not wait. */
  readonly votes: readonly Vote[];
  readonly durationMs: number;
  /** The shared context that the hooks made, by name, with who set what. Absent when nobody added to it. */
  readonly annotations?: Readonly<Record<string, Annotation>>;
  /** Resolves when every vote is in: at once for gates, later for observers. Never rejects. */
  readonly settled: Promise<Outcome<D, K>>;
};

export function outcomeOf(
  kind: string,
  decision: Decision,
  votes: readonly Vote[],
  durationMs: number,
  observation?: { readonly settled: Promise<Outcome> },
  annotations?: Outcome["annotations"],
): Outcome {
  const outcome = new PlainOutcome(decision, kind, votes, durationMs, observation);
  if (annotations !== undefined) Object.assign(outcome, { annotations });
  return outcome as unknown as Outcome;
}

/** `settled` stands on the prototype: it is made when asked for, and an outcome prints and compares as its data. */
class PlainOutcome {
  readonly action: Decision["action"];
  readonly kind: string;
  readonly votes: readonly Vote[];
  readonly durationMs: number;
  readonly #observation: { readonly settled: Promise<Outcome> } | undefined;

  constructor(
    decision: Decision,
    kind: string,
    votes: readonly Vote[],
    durationMs: number,
    observation: { readonly settled: Promise<Outcome> } | undefined,
  ) {
    this.action = decision.action;
    if (decision.action !== "continue") Object.assign(this, decision);
    this.kind = kind;
    this.votes = votes;
    this.durationMs = durationMs;
    this.#observation = observation;
  }

  get settled(): Promise<Outcome> {
    return this.#observation?.settled ?? Promise.resolve(this as unknown as Outcome);
  }
}
