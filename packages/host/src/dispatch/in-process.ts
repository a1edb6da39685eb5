import type { JsonValue, Verdict } from "@synaps/sdk/protocol";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import { LATE, limited } from "../time/limited.js";
import { messageOf } from "../errors.js";
import { answerOf } from "./in-process-answer.js";
import type { EventRequest } from "../delivery/request.js";
import type { DeliveryResult } from "../delivery/request.js";
import type { Target } from "../delivery/target.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";

/** Spellings of the other hook systems, which the in-process API takes beside the wire's vocabulary. */
export type Alias =
  | { action: "reject"; reason: string }
  | { action: "abort"; reason: string }
  | { action: "cancel"; reason: string }
  | { action: "modified"; data: JsonValue }
  | { action: "modify_context"; data: JsonValue };

/**
 * A handler of the program itself. It gets a copy of the event: changing it reaches nobody. Nothing returned means
 * continue. A handler that throws or misses its deadline abstains; one that blocks the event loop is not interrupted.
 */
export type InProcessHandler = (
  event: OutgoingEvent["envelope"],
) => Verdict | Alias | undefined | void | Promise<Verdict | Alias | undefined | void>;

/** A function of the embedder as a target of events, with the same deadlines and the same votes. */
export class InProcessTarget implements Target {
  readonly id: string;
  readonly health = "running";
  readonly restartCount = 0;
  readonly #handler: InProcessHandler;
  readonly #clock: Clock;
  readonly #activity: Activity;

  constructor(id: string, handler: InProcessHandler, clock: Clock, activity: Activity) {
    this.id = id;
    this.#handler = handler;
    this.#clock = clock;
    this.#activity = activity;
  }

  hand(request: EventRequest): void {
    request.placed();
    this.#activity.begin();
    void this.#deliver(request).then((result) => {
      this.#activity.end();
      request.finished(result);
    });
  }

  async #deliver({ event, deadlineMs, untilMs }: EventRequest): Promise<DeliveryResult> {
    const started = this.#clock.now();
    const ms = Math.min(deadlineMs, untilMs - started);
    const times = (): { queueMs: number; runMs: number } => ({
      queueMs: 0,
      runMs: this.#clock.now() - started,
    });
    try {
      const answer = await limited(this.#clock, ms, this.#call(event));
      if (answer === LATE)
        return { answered: false, reason: untilMs - started < deadlineMs ? "budget" : "timeout", ...times() };
      return { answered: true, result: answer, ...times() };
    } catch (error) {
      return { answered: false, reason: "error", detail: messageOf(error), ...times() };
    }
  }

  // async: a handler that throws at once rejects like one that throws later.
  async #call(event: OutgoingEvent): Promise<unknown> {
    // A copy of its own: nothing that the handler does with the event reaches anybody else.
    return answerOf(await this.#handler(JSON.parse(event.text) as OutgoingEvent["envelope"]));
  }
}
