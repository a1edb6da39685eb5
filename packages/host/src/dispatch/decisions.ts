import { AsyncLocalStorage } from "node:async_hooks";
import type { JsonObject } from "@synaps/sdk/protocol";
import { OutgoingEvent } from "../delivery/outgoing-event.js";
import { messageOf } from "../errors.js";
import { isWorthTelling, type Logger } from "../logger.js";
import type { Clock } from "../time/clock.js";
import { ended, told, unfinished } from "./audit/facts.js";
import type { Dispatcher } from "./dispatcher.js";
import { DECISION_KIND } from "./host-kind.js";
import { InProcessTarget } from "./in-process.js";
import type { InterceptResult } from "./operation/types.js";
import type { Outcome } from "./outcome.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { Subscription } from "./subscription.js";

/** Handlers of `on_decision` that a decision came through, at most: the bound of raised events. */
const MAX_HANDLERS = 8;

interface DecisionServices {
  readonly clock: Pick<Clock, "wallMs">;
  readonly logger: Logger;
}

/**
 * Tells those who subscribe to `on_decision` of outcomes and of the ends of operations, with the facts of the audit. Nobody
 * waits for them. An extension is told of kinds that it could subscribe to itself; a function of the program of all.
 */
export class Decisions {
  readonly #registry: SubscriptionRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #services: DecisionServices;
  /** Handlers that the work under way came through, also after an `await`. Costs nothing until a function is told. */
  readonly #depth = new AsyncLocalStorage<number>();
  #untold = 0;

  constructor(registry: SubscriptionRegistry, dispatcher: Dispatcher, services: DecisionServices) {
    this.#registry = registry;
    this.#dispatcher = dispatcher;
    this.#services = services;
  }

  /** Tells of the outcome of a gate. */
  decided(event: OutgoingEvent, outcome: Outcome): void {
    if (this.#registry.tellsOf(event.kind))
      this.#tell(event, () => ({ stage: "decided", ...told(event, outcome) }));
  }

  /** Tells of the end of an operation, and settles as it does. `asked`: the event before it, if it came so far. */
  async operation(
    asked: () => OutgoingEvent | undefined,
    ends: Promise<InterceptResult>,
  ): Promise<InterceptResult> {
    try {
      const result = await ends;
      this.#ended(asked(), (event) => ended(event, result));
      return result;
    } catch (error) {
      this.#ended(asked(), (event) => unfinished(event, error));
      throw error;
    }
  }

  #ended(event: OutgoingEvent | undefined, facts: (event: OutgoingEvent) => JsonObject): void {
    if (event) this.#tell(event, () => ({ stage: "ended", ...facts(event) }));
  }

  #tell(about: OutgoingEvent, data: () => JsonObject): void {
    const handlers = this.#depth.getStore() ?? 0;
    if (handlers >= MAX_HANDLERS) return this.#endLoop(about.kind);
    try {
      const { permission } = this.#registry.kind(about.kind);
      const event = this.#eventOf(about, data());
      const may = ({ target, permissions }: Subscription): boolean =>
        target instanceof InProcessTarget || permissions.has(permission);
      const tell = (): void => this.#dispatcher.tell(event, may);
      if (this.#registry.of(DECISION_KIND).some(({ target }) => target instanceof InProcessTarget))
        this.#depth.run(handlers + 1, tell);
      else tell();
    } catch (error) {
      this.#services.logger.warn("a decision was not told", { kind: about.kind, reason: messageOf(error) });
    }
  }

  #eventOf({ toolName, toolRuntimeName, sessionId, extras, traceFields }: OutgoingEvent, data: JsonObject) {
    const { tool_call_id, correlation_id } = extras ?? {};
    const event = OutgoingEvent.from(
      {
        kind: DECISION_KIND,
        tool_name: toolName,
        tool_runtime_name: toolRuntimeName,
        session_id: sessionId,
        data,
        ...(tool_call_id === undefined ? {} : { tool_call_id }),
        ...(correlation_id === undefined ? {} : { correlation_id }),
      },
      this.#services.clock.wallMs(),
    );
    event.traceFields = traceFields;
    return event;
  }

  /** A handler that decides something each time it hears of a decision would never end. */
  #endLoop(kind: string): void {
    this.#untold += 1;
    if (!isWorthTelling(this.#untold)) return;
    const words = `a decision was not told: it came through ${MAX_HANDLERS} handlers of '${DECISION_KIND}'`;
    this.#services.logger.warn(words, { kind, times: this.#untold });
  }
}
