import type { ChainPolicy, HookKindSpec } from "@synaps/sdk/protocol";
import type { EventInput } from "../event/input.js";
import { OutgoingEvent } from "../event/outgoing-event.js";
import { ask, type DispatchServices } from "./ask.js";
import { Chain, type ChainResult } from "./chain.js";
import { skippedBy } from "./filter.js";
import { firstDecision } from "./first-decision.js";
import { CONTINUE } from "./merge.js";
import { Observation } from "./observation.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import type { SubscriptionRegistry } from "./registry.js";
import { rewriteThenVeto } from "./rewrite-then-veto.js";
import type { Subscription } from "./subscription.js";

/** Takes one event to all subscriptions it concerns and merges what they answer. */
export class Dispatcher {
  readonly #registry: SubscriptionRegistry;
  readonly #services: DispatchServices;
  readonly #policy: ChainPolicy | undefined;
  /** One shared result for each kind without subscriptions: nothing is built when nobody listens. */
  readonly #nobody = new Map<string, Promise<Outcome>>();
  /** Events that observers still owe a vote. */
  #unsettled = 0;
  #onSettled: (() => void)[] = [];

  constructor(registry: SubscriptionRegistry, services: DispatchServices, policy: ChainPolicy | undefined) {
    this.#registry = registry;
    this.#services = services;
    this.#policy = policy;
  }

  /** Rejects only for what the embedder did wrong: an unknown kind, or an event that is not JSON. */
  emit(input: EventInput, policy?: ChainPolicy): Promise<Outcome> {
    const subscriptions = this.#registry.of(input.kind);
    if (subscriptions.length === 0) return this.#unheard(input.kind);
    return this.#dispatch(input, subscriptions, policy);
  }

  /** Resolves when no observer owes an answer any more. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#unsettled === 0) resolve();
      else this.#onSettled.push(resolve);
    });
  }

  #settle(): void {
    this.#unsettled -= 1;
    if (this.#unsettled === 0) for (const resolve of this.#onSettled.splice(0)) resolve();
  }

  #unheard(kind: string): Promise<Outcome> {
    let shared = this.#nobody.get(kind);
    if (!shared) {
      if (!this.#registry.knows(kind)) return Promise.reject(unknownKind(this.#registry, kind));
      shared = Promise.resolve(Object.freeze(outcomeOf(kind, CONTINUE, Object.freeze([]), 0)));
      this.#nobody.set(kind, shared);
    }
    return shared;
  }

  async #dispatch(
    input: EventInput,
    subscriptions: readonly Subscription[],
    policy: ChainPolicy | undefined,
  ): Promise<Outcome> {
    const { clock, recorder } = this.#services;
    const { kind } = input;
    const spec = this.#registry.kind(kind);
    const started = clock.now();
    const event = OutgoingEvent.from(input, clock.wallMs());
    const finish = ({ decision, votes }: ChainResult): Outcome => {
      recorder.eventSettled(kind, votes);
      return outcomeOf(kind, decision, votes, clock.now() - started);
    };
    const matched = (): Subscription[] => subscriptions.filter(({ filter }) => !skippedBy(filter, event));
    switch (spec.delivery) {
      case "gate": {
        const chain = new Chain(spec, subscriptions, this.#services);
        const decide = (policy ?? this.#policy ?? this.#registry.chainOf(kind)) === "first_decision";
        return finish(await (decide ? firstDecision(chain, event) : rewriteThenVeto(chain, event)));
      }
      case "lifecycle": {
        const untilMs = started + this.#services.limits.lifecycleBudgetMs;
        return finish(await this.#askTogether(spec, matched(), event, untilMs));
      }
      case "observe":
      case "stream": {
        const concerned = matched();
        // Here, so that a bad event rejects this call and not what settles later.
        if (concerned.length > 0) void event.text;
        this.#unsettled += 1;
        const observation = new Observation(spec, concerned, this.#services, started, () => this.#settle());
        // Where a full queue makes the program wait, it waits here.
        const queued = observation.start(event);
        if (queued) await queued;
        return outcomeOf(kind, CONTINUE, [], clock.now() - started, observation);
      }
    }
  }

  async #askTogether(
    spec: HookKindSpec,
    subscriptions: readonly Subscription[],
    event: OutgoingEvent,
    untilMs: number,
  ): Promise<ChainResult> {
    const options = { spec, untilMs } as const;
    const judged = await Promise.all(subscriptions.map((one) => ask(one, event, options, this.#services)));
    return { decision: CONTINUE, votes: judged.map(({ vote }) => vote) };
  }
}

function unknownKind(registry: SubscriptionRegistry, kind: string): unknown {
  try {
    registry.kind(kind);
  } catch (error) {
    return error;
  }
  return undefined;
}
