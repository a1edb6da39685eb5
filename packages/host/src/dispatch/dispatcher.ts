import type { ChainPolicy, HookKindSpec } from "@synaps/sdk/protocol";
import type { EventInput } from "../event/input.js";
import { OutgoingEvent } from "../event/outgoing-event.js";
import { ask, type DispatchServices } from "./ask.js";
import { Chain, type ChainResult } from "./chain.js";
import { skippedBy } from "./filter.js";
import { firstDecision } from "./first-decision.js";
import { CONTINUE } from "./merge.js";
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
  readonly #settling = new Set<Promise<Outcome>>();

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
  async settled(): Promise<void> {
    await Promise.all(this.#settling);
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
        const queued = new Queued(concerned.length);
        const settled = this.#askTogether(spec, concerned, event, Number.POSITIVE_INFINITY, queued).then(
          finish,
        );
        this.#settling.add(settled);
        void settled.finally(() => this.#settling.delete(settled));
        // Where a full queue makes the program wait, it waits here.
        if (spec.overflow === "block") await queued.all;
        return outcomeOf(kind, CONTINUE, [], clock.now() - started, settled);
      }
    }
  }

  async #askTogether(
    spec: HookKindSpec,
    subscriptions: readonly Subscription[],
    event: OutgoingEvent,
    untilMs: number,
    queued?: Queued,
  ): Promise<ChainResult> {
    const lane = spec.delivery === "lifecycle" ? "gate" : "observe";
    const options = { spec, lane, untilMs } as const;
    const judged = await Promise.all(
      subscriptions.map((one) =>
        ask(one, event, { ...options, ...(queued ? { onQueued: queued.place() } : {}) }, this.#services),
      ),
    );
    return { decision: CONTINUE, votes: judged.map(({ vote }) => vote) };
  }
}

/** Counts down until each of several has its place in a queue. */
class Queued {
  readonly all: Promise<void>;
  #resolve = (): void => {};
  #left: number;

  constructor(count: number) {
    this.#left = count;
    this.all = new Promise((resolve) => (this.#resolve = resolve));
    if (count === 0) this.#resolve();
  }

  /** To be called, any number of times, once one of them has its place or gave up. */
  place(): () => void {
    let open = true;
    return () => {
      if (open) this.#left -= 1;
      open = false;
      if (this.#left === 0) this.#resolve();
    };
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
