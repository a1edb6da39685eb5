import type { ChainPolicy, HookKindSpec } from "@synaps/sdk/protocol";
import { namesOfUsual, readEvent, type EventInput, type ReadEvent } from "../delivery/event-input.js";
import { inputTextOf, OutgoingEvent } from "../delivery/outgoing-event.js";
import { Chain, type ChainResult } from "./chain.js";
import { accepts, acceptsInput, InputText } from "./filter.js";
import { firstDecision } from "./first-decision.js";
import { onlyTheHost } from "./host-kind.js";
import { CONTINUE } from "./merge.js";
import { ownEvent, snapshotOf } from "./payload.js";
import { Observation, type ObservationServices } from "./observation.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import type { SubscriptionRegistry } from "./registry.js";
import { checkRequired, hasRequired } from "./required.js";
import { rewriteThenVeto } from "./rewrite-then-veto.js";
import type { Concerned, Route } from "./route.js";
import type { Subscription } from "./subscription.js";
import type { Terms } from "./verdict.js";
import type { Vote } from "../observe/vote.js";

/** Takes one event to all subscriptions it concerns and merges what they answer. */
export class Dispatcher {
  readonly #registry: SubscriptionRegistry;
  readonly #services: ObservationServices;
  readonly #policy: ChainPolicy | undefined;
  /** Events that observers still owe a vote. */
  #unsettled = 0;
  #onSettled: (() => void)[] = [];

  constructor(
    registry: SubscriptionRegistry,
    services: ObservationServices,
    policy: ChainPolicy | undefined,
  ) {
    this.#registry = registry;
    this.#services = services;
    this.#policy = policy;
  }

  /** Rejects with a HostError, and only for what the program did wrong: an unknown kind, or an event that is not JSON. */
  emit(event: EventInput, policy?: ChainPolicy): Promise<Outcome> {
    try {
      const nobody = this.#nobodyFor(event);
      if (nobody) return nobody;
      const read = readEvent(event);
      const route = this.#registry.route(read.envelope.kind);
      if (route.isHosts) throw onlyTheHost(read.envelope.kind);
      if (route.spec.requires !== undefined) checkRequired(route.spec.requires, read);
      if (!route.plain) return this.#emitValues(route, read, policy);
      const concerned = route.named(read.envelope);
      if (concerned.subscriptions.length === 0) return route.nobody;
      const inputText = concerned.allLookAtInput ? inputTextOf(read) : undefined;
      if (inputText !== undefined && nobodyAccepts(concerned, inputText)) return route.nobody;
      const outgoing = OutgoingEvent.of(read, this.#services.clock.wallMs(), inputText);
      return this.#dispatch(route, outgoing, concerned, policy);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** The same for a snapshot of values, of which only what somebody gets is written. */
  #emitValues(route: Route, read: ReadEvent, policy: ChainPolicy | undefined): Promise<Outcome> {
    const concerned = route.named(read.envelope);
    const { subscriptions } = concerned;
    if (subscriptions.length === 0 && route.payload === undefined) return route.nobody;
    const event = ownEvent(read, route.payload, this.#services.clock.wallMs());
    const isWanted = subscriptions.some((one) => !one.conditional || accepts(one, event));
    return isWanted ? this.#dispatch(route, event, concerned, policy) : route.nobody;
  }

  /** The outcome of an event that surely is right and concerns nobody: nothing is built for it. */
  #nobodyFor(event: EventInput): Promise<Outcome> | undefined {
    const names = namesOfUsual(event);
    if (names === undefined) return undefined;
    const route = this.#registry.route(names.kind);
    if (route.isHosts || route.payload !== undefined || route.named(names).subscriptions.length > 0)
      return undefined;
    const { requires } = route.spec;
    return requires === undefined || hasRequired(requires, event, names) ? route.nobody : undefined;
  }

  /** Takes the snapshot of an event, as `emit` does. Throws a HostError for an event that its kind does not allow. */
  snapshot(event: EventInput): OutgoingEvent {
    const read = readEvent(event);
    const { spec, plain, isHosts } = this.#registry.route(read.envelope.kind);
    if (isHosts) throw onlyTheHost(read.envelope.kind);
    return snapshotOf(spec, read, this.#services.clock.wallMs(), plain);
  }

  /** The same as `emit` with an event whose snapshot was taken already. */
  async emitSnapshot(
    event: OutgoingEvent,
    policy?: ChainPolicy,
    signal?: AbortSignal,
    terms?: Terms,
  ): Promise<Outcome> {
    const route = this.#registry.route(event.kind);
    const concerned = route.named({ tool_name: event.toolName, tool_runtime_name: event.toolRuntimeName });
    if (concerned.subscriptions.length === 0) return route.nobody;
    return this.#dispatch(route, event, concerned, policy, signal, terms);
  }

  /** Hands an event of the host to those of its observers that `may` hear of it. Nobody waits. */
  tell(event: OutgoingEvent, may: (subscription: Subscription) => boolean): void {
    const route = this.#registry.route(event.kind);
    const concerned = route.named({ tool_name: event.toolName, tool_runtime_name: event.toolRuntimeName });
    const told = accepting(concerned, event).filter(may);
    if (told.length > 0) void this.#observe(route.spec, told, event, this.#services.clock.now());
  }

  /** Resolves when no observer owes an answer any more. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#unsettled === 0) resolve();
      else this.#onSettled.push(resolve);
    });
  }

  readonly #settleOne = (): void => {
    this.#unsettled -= 1;
    if (this.#unsettled === 0) for (const resolve of this.#onSettled.splice(0)) resolve();
  };

  #dispatch(
    { spec, chain: usual }: Route,
    event: OutgoingEvent,
    concerned: Concerned,
    policy: ChainPolicy | undefined,
    signal?: AbortSignal,
    terms?: Terms,
  ): Promise<Outcome> {
    const started = this.#services.clock.now();
    switch (spec.delivery) {
      case "gate": {
        const chain = new Chain(spec, concerned.subscriptions, this.#services, started, undefined, terms);
        const stop = signal && chain.endOn(signal);
        const outcome = this.#ask(chain, event, policy ?? this.#policy ?? usual, started);
        return stop ? outcome.finally(stop) : outcome;
      }
      case "lifecycle": {
        const untilMs = started + this.#services.limits.lifecycleBudgetMs;
        const chain = new Chain(spec, accepting(concerned, event), this.#services, untilMs, untilMs);
        return this.#finish(event, askTogether(chain, event), started, chain);
      }
      case "observe":
      case "stream":
        return this.#observe(spec, accepting(concerned, event), event, started);
    }
  }

  #ask(chain: Chain, event: OutgoingEvent, policy: ChainPolicy, started: number): Promise<Outcome> {
    if (policy === "rewrite_then_veto")
      return this.#finish(event, rewriteThenVeto(chain, event), started, chain);
    return new Promise((resolve, reject) => {
      firstDecision(chain, event, (result) => resolve(this.#outcome(event, result, started, chain)), reject);
    });
  }

  async #finish(
    event: OutgoingEvent,
    result: Promise<ChainResult>,
    started: number,
    chain: Chain,
  ): Promise<Outcome> {
    return this.#outcome(event, await result, started, chain);
  }

  #outcome(
    event: OutgoingEvent,
    { decision, votes, rewrites }: ChainResult,
    started: number,
    { annotations }: Chain,
  ): Outcome {
    const { recorder } = this.#services;
    recorder.eventSettled(event.kind, votes);
    if (decision.action === "replace") recorder.outputReplaced?.(event, votes);
    const tookMs = this.#services.clock.now() - started;
    const { kind, number } = event;
    const outcome = outcomeOf(kind, decision, votes, tookMs, undefined, annotations, rewrites, number);
    recorder.outcomeMade?.(outcome);
    return outcome;
  }

  #observe(
    spec: HookKindSpec,
    subscriptions: readonly Subscription[],
    event: OutgoingEvent,
    started: number,
  ): Promise<Outcome> {
    this.#unsettled += 1;
    const { clock } = this.#services;
    const observation = new Observation(spec, subscriptions, this.#services, this.#settleOne);
    // Where a full queue makes the program wait, it waits here.
    const queued = observation.start(event);
    const outcome = (tookMs: number): Outcome =>
      outcomeOf(event.kind, CONTINUE, NO_VOTES, tookMs, observation, undefined, undefined, event.number);
    if (!queued) return Promise.resolve(outcome(0));
    return queued.then(() => outcome(clock.now() - started));
  }
}

async function askTogether(chain: Chain, event: OutgoingEvent): Promise<ChainResult> {
  const judged = await chain.askAll(chain.places, event);
  return { decision: CONTINUE, votes: judged.map(({ judged: { vote } }) => vote) };
}

const NO_VOTES: readonly Vote[] = Object.freeze([]);

function nobodyAccepts({ subscriptions, anyText }: Concerned, inputText: string): boolean {
  if (anyText?.test(inputText) === false) return true;
  const input = new InputText(inputText);
  return !subscriptions.some(({ filter }) => acceptsInput(filter, input));
}

function accepting(
  { subscriptions, someConditional }: Concerned,
  event: OutgoingEvent,
): readonly Subscription[] {
  if (!someConditional) return subscriptions;
  return subscriptions.filter((subscription) => accepts(subscription, event));
}
