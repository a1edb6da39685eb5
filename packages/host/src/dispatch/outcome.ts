import type { Backoff, Jitter, JsonValue } from "@synaps/sdk/protocol";
import type { Annotation } from "../delivery/annotations.js";
import { eventIdOf } from "../delivery/meta-text.js";
import type { Vote } from "../observe/vote.js";
import type { ChangedBy, Rewrites } from "./rewrites.js";

/** A plan to run an operation again, as an extension asked for it, with all defaults filled in. */
export interface RetryPlan {
  /** The extension that asked for it. */
  readonly by: string;
  /** Pause before the second run, in milliseconds. */
  readonly delayMs: number;
  /** Runs in all; a host stops at 5. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  readonly jitter: Jitter;
}

/** A plan to keep the output of an operation, as an extension asked for it. */
export interface StorePlan {
  /** The extension that asked for it. */
  readonly by: string;
  readonly ttlMs: number;
  /** The extension's own key; absent: the members that the kind names make the key. */
  readonly key?: string;
}

/** The part that goes along with a decision: it changes how an operation runs, and neither its input nor its output. */
export interface Along {
  readonly retry?: RetryPlan;
  readonly store?: StorePlan;
}

/** A decision that takes the operation's place. `input` is there when an earlier rewrite changed it. */
export type Terminal =
  | { readonly action: "skip"; readonly reason: string; readonly by: string }
  /** Before an operation: the output to use. After it: the output to pass on. */
  | { readonly action: "replace"; readonly output: string; readonly by: string }
  /** `value` is there when it is the answer; without it, only `store` is asked for. */
  | { readonly action: "cache"; readonly value?: JsonValue; readonly by: string }
  | {
      readonly action: "redirect";
      readonly target: string;
      readonly by: string;
      readonly input?: JsonValue;
    }
  | { readonly action: "fork"; readonly operations: readonly JsonValue[]; readonly by: string };

/** The result of all votes. `by` names the extension that decided. */
export type Decision = Along &
  (
    | { readonly action: "continue" }
    | { readonly action: "block"; readonly reason: string; readonly by: string }
    /**
     * `input` is there when an earlier rewrite changed it: what to run once the user agreed. `instead` is there when somebody
     * decided to do something else than to run it: what happens once the user agreed.
     */
    | {
        readonly action: "confirm";
        readonly message: string;
        readonly by: string;
        readonly input?: JsonValue;
        readonly instead?: Terminal;
      }
    | { readonly action: "modify"; readonly input: JsonValue; readonly by: string }
    | { readonly action: "inject"; readonly content: string }
    /** Nothing was decided but to run the operation again when it fails; the plan stands in `retry`. */
    | { readonly action: "retry"; readonly by: string }
    | Terminal
  );

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
  /**
   * The extension that changed each member of the field that the kind lets extensions modify; undefined when nobody did. Made
   * when it is read: an outcome prints and compares without it.
   */
  readonly changedBy: ChangedBy | undefined;
  /**
   * Name of the event as it was raised: the one that hooks before the first rewrite have in `meta` and in their context.
   * Undefined when nobody was concerned. Made when it is read, as `changedBy`.
   */
  readonly eventId: string | undefined;
  /** The same for hooks behind the last rewrite; undefined when nobody rewrote the event. */
  readonly finalEventId: string | undefined;
};

export function outcomeOf(
  kind: string,
  decision: Decision,
  votes: readonly Vote[],
  durationMs: number,
  observation?: { readonly settled: Promise<Outcome> },
  annotations?: Outcome["annotations"],
  rewrites?: Rewrites,
  eventNumber?: number,
): Outcome {
  const outcome = new PlainOutcome(decision, kind, votes, durationMs, observation, rewrites, eventNumber);
  if (annotations !== undefined) Object.assign(outcome, { annotations });
  return outcome as unknown as Outcome;
}

/** `settled`, `changedBy` and the names stand on the prototype: each is made when asked for, and an outcome prints and compares as its data. */
class PlainOutcome {
  readonly action: Decision["action"];
  readonly kind: string;
  readonly votes: readonly Vote[];
  readonly durationMs: number;
  readonly #observation: { readonly settled: Promise<Outcome> } | undefined;
  readonly #rewrites: Rewrites | undefined;
  readonly #eventNumber: number | undefined;

  constructor(
    decision: Decision,
    kind: string,
    votes: readonly Vote[],
    durationMs: number,
    observation: { readonly settled: Promise<Outcome> } | undefined,
    rewrites: Rewrites | undefined,
    eventNumber: number | undefined,
  ) {
    this.action = decision.action;
    if (decision.action !== "continue") Object.assign(this, decision);
    this.kind = kind;
    this.votes = votes;
    this.durationMs = durationMs;
    this.#observation = observation;
    this.#rewrites = rewrites;
    this.#eventNumber = eventNumber;
  }

  get settled(): Promise<Outcome> {
    return this.#observation?.settled ?? Promise.resolve(this as unknown as Outcome);
  }

  get changedBy(): ChangedBy | undefined {
    return this.#rewrites?.changedBy;
  }

  get eventId(): string | undefined {
    return this.#eventNumber === undefined ? undefined : eventIdOf(this.#eventNumber);
  }
  get finalEventId(): string | undefined {
    return this.#rewrites?.last?.eventId;
  }
}
