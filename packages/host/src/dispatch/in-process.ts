import type { JsonValue, Verdict } from "@synaps/sdk/protocol";
import { messageOf } from "../errors.js";
import type { EventRequest } from "../delivery/request.js";
import type { Target } from "../delivery/target.js";
import type { Envelope } from "../delivery/event-input.js";
import type { Condition } from "./hooks/condition.js";
import { answerOf, CONTINUES } from "./in-process-answer.js";
import type { OpenCall, ProgramCalls } from "./program-calls.js";

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
  readonly #handler: InProcessHandler;
  readonly #calls: ProgramCalls;
  readonly #condition: Condition | undefined;

  constructor(id: string, handler: InProcessHandler, calls: ProgramCalls, condition?: Condition) {
    this.id = id;
    this.#handler = handler;
    this.#calls = calls;
    this.#condition = condition;
  }

  hand(request: EventRequest): void {
    request.placed();
    const call = new HandlerCall(request, this.#calls);
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
  #controller: AbortController | undefined;
  #isLate = false;

  constructor(request: EventRequest, calls: ProgramCalls) {
    this.#request = request;
    this.#calls = calls;
    this.#startedMs = calls.clock.now();
    this.dueMs = Math.min(this.#startedMs + request.deadlineMs, request.untilMs);
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isLate) this.#controller.abort();
    }
    return this.#controller.signal;
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
      return this.failed(error);
    }
    this.#request.finished({ answered: true, result, queueMs: 0, runMs: this.#runMs });
  }

  failed(error: unknown): void {
    const [detail, runMs] = [messageOf(error), this.#runMs];
    this.#request.finished({ answered: false, reason: "error", detail, queueMs: 0, runMs });
  }

  expired(): void {
    this.#isLate = true;
    this.#controller?.abort();
    const isCut = this.dueMs < this.#startedMs + this.#request.deadlineMs;
    const reason = isCut ? "budget" : "timeout";
    this.#request.finished({ answered: false, reason, queueMs: 0, runMs: this.#runMs });
  }

  get #runMs(): number {
    return this.#calls.clock.now() - this.#startedMs;
  }
}
