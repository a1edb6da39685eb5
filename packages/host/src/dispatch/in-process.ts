import type { JsonValue, Verdict } from "@synaps/sdk/protocol";
import { messageOf } from "../errors.js";
import type { DeliveryResult, EventRequest } from "../delivery/request.js";
import type { Target } from "../delivery/target.js";
import type { Envelope } from "../delivery/event-input.js";
import type { Condition } from "./hooks/condition.js";
import { answerOf, CONTINUES } from "./in-process-answer.js";
import { ProgramBreaker } from "./program-breaker.js";
import type { OpenCall, ProgramCalls } from "./program-calls.js";
import { ProgramStreams } from "./program-streams.js";

/** Spellings of the other hook systems, which the in-process API takes beside the wire's vocabulary. */
export type Alias =
  | { action: "reject"; reason: string }
  | { action: "abort"; reason: string }
  | { action: "cancel"; reason: string }
  | { action: "modified"; data: JsonValue }
  | { action: "modify_context"; data: JsonValue };

/** Given to a handler of the program beside the event. */
export interface HookContext {
  /** Aborted when the deadline passed: nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** For streams: items of the session that this handler did not get since the one before. Else 0. */
  readonly dropped: number;
  /** Name of the event: that of its outcome, unless a hook before this one rewrote it. In the trace, and for protocol 3. */
  readonly eventId: string;
  /** The `correlation_id` that the program gave with the event, to join the events of one operation; null without one. */
  readonly correlationId: string | null;
  /** The shared context that earlier hooks of the same event made: a copy. */
  readonly annotations: Readonly<Record<string, JsonValue>>;
  /**
   * Adds to the shared context: later hooks of the same event see it, and the outcome. At most 32 members and 8 KiB as JSON
   * for one event; a member without room is dropped, and the vote says so. Observers share nothing.
   */
  annotate(name: string, value: JsonValue): void;
  /** Raises an event in the name of the hook, as `host.events.publish` does. Throws a HostError `TOPIC_INVALID` like that. */
  publish(topic: string, data?: JsonValue): void;
}

/**
 * A handler of the program itself. It gets a copy of the event: changing it reaches nobody. Nothing returned means
 * continue. A handler that throws or misses its deadline abstains; one that blocks the event loop is not interrupted.
 */
export type InProcessHandler = (
  event: Envelope,
  context: HookContext,
) => Verdict | Alias | undefined | void | Promise<Verdict | Alias | undefined | void>;

/** A function of the embedder as a target of events, with the same deadlines and the same votes. */
export class InProcessTarget implements Target {
  readonly id: string;
  readonly health = "running";
  readonly restartCount = 0;
  readonly annotates = true;
  readonly #handler: InProcessHandler;
  readonly #calls: ProgramCalls;
  readonly #condition: Condition | undefined;
  /** Made when the first event comes under a policy. */
  #breaker: ProgramBreaker | undefined;
  /** Made with the first item of a stream. */
  #streams: ProgramStreams | undefined;

  constructor(id: string, handler: InProcessHandler, calls: ProgramCalls, condition?: Condition) {
    this.id = id;
    this.#handler = handler;
    this.#calls = calls;
    this.#condition = condition;
  }

  hand(request: EventRequest): void {
    if (request.lane === "stream") return this.#streamed().hand(request);
    request.placed();
    const breaker = this.#breakerFor(request);
    if (breaker === undefined) return this.#call(request, new HandlerCall(this.id, request, this.#calls));
    breaker.ask(request, (ended) =>
      this.#call(request, new HandlerCall(this.id, request, this.#calls, 0, ended)),
    );
  }

  /** The breaker, if events came under a policy. */
  get breaker(): ProgramBreaker | undefined {
    return this.#breaker;
  }

  #breakerFor({ breaker: policy, subscription }: EventRequest): ProgramBreaker | undefined {
    if (policy !== undefined) {
      this.#breaker ??= new ProgramBreaker(policy, this.#calls, this.id, subscription);
      return this.#breaker.under(policy);
    }
    // The policy was taken back: what is open closes.
    this.#breaker?.forgive();
    this.#breaker = undefined;
    return undefined;
  }

  #streamed(): ProgramStreams {
    this.#streams ??= new ProgramStreams(this.#calls, (request, queueMs, ended) => {
      this.#call(request, new HandlerCall(this.id, request, this.#calls, queueMs, ended));
    });
    return this.#streams;
  }

  #call(request: EventRequest, call: HandlerCall): void {
    request.attempt = 1;
    const { source: event } = request;
    const condition = this.#condition;
    try {
      // Asked once more where time passed in between: another event may have come.
      if (condition?.holds(event) === false) return call.answered(undefined);
      // A copy of its own: nothing that the handler does with the event reaches anybody else.
      const copy = condition ? condition.takeCopy(event) : (JSON.parse(event.text) as Envelope);
      const answer = this.#handler(copy, call);
      if (isThenable(answer)) call.wait(answer);
      else call.answered(answer);
    } catch (error) {
      call.failed(error);
    }
  }
}

function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === "object" && answer !== null && typeof Reflect.get(answer, "then") === "function";
}

/** One call of a handler. A handler that answers at once costs neither a timer nor a promise. */
class HandlerCall implements HookContext, OpenCall {
  readonly dueMs: number;
  readonly #request: EventRequest;
  readonly #calls: ProgramCalls;
  readonly #startedMs: number;
  readonly #queueMs: number;
  readonly #ended: ((result: DeliveryResult) => void) | undefined;
  #controller: AbortController | undefined;
  #isLate = false;
  #given: Record<string, JsonValue> | undefined;
  readonly #id: string;

  /** `ended` is told of the end instead of the request. */
  constructor(
    id: string,
    request: EventRequest,
    calls: ProgramCalls,
    queueMs = 0,
    ended?: (result: DeliveryResult) => void,
  ) {
    this.#id = id;
    this.#request = request;
    this.#calls = calls;
    this.#queueMs = queueMs;
    this.#ended = ended;
    this.#startedMs = calls.clock.now();
    this.dueMs = Math.min(this.#startedMs + request.deadlineMs, request.untilMs);
  }

  get dropped(): number {
    return this.#request.dropped;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isLate) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  get annotations(): Readonly<Record<string, JsonValue>> {
    const { annotations } = this.#request;
    return annotations === undefined ? {} : (JSON.parse(annotations.text) as Record<string, JsonValue>);
  }

  get eventId(): string {
    return this.#request.source.eventId;
  }

  get correlationId(): string | null {
    return this.#request.source.extras?.correlation_id ?? null;
  }

  annotate(name: string, value: JsonValue): void {
    this.#given ??= Object.create(null) as Record<string, JsonValue>;
    this.#given[name] = value;
  }

  publish(topic: string, data: JsonValue = null): void {
    this.#calls.publish(this.#id, topic, data);
  }

  wait(answer: PromiseLike<unknown>): void {
    this.#calls.opened(this);
    Promise.resolve(answer).then(
      (value) => {
        if (this.#calls.close(this)) this.answered(value);
      },
      (error: unknown) => {
        if (this.#calls.close(this)) this.failed(error);
      },
    );
  }

  answered(value: unknown): void {
    let result: unknown;
    try {
      result = value === undefined ? CONTINUES : answerOf(value);
    } catch (error) {
      return this.failed(error, "invalid");
    }
    if (this.#given && typeof result === "object") result = { ...result, annotations: this.#given };
    this.#finish({ answered: true, result, queueMs: this.#queueMs, runMs: this.#runMs });
  }

  failed(error: unknown, reason: "error" | "invalid" = "error"): void {
    const [detail, runMs] = [messageOf(error), this.#runMs];
    this.#finish({ answered: false, reason, detail, queueMs: this.#queueMs, runMs });
  }

  expired(): void {
    this.#isLate = true;
    this.#controller?.abort();
    const isCut = this.dueMs < this.#startedMs + this.#request.deadlineMs;
    const reason = isCut ? "budget" : "timeout";
    this.#finish({ answered: false, reason, queueMs: this.#queueMs, runMs: this.#runMs });
  }

  #finish(result: DeliveryResult): void {
    if (this.#ended) this.#ended(result);
    else this.#request.finished(result);
  }

  get #runMs(): number {
    return this.#calls.clock.now() - this.#startedMs;
  }
}
