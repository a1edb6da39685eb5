import type { JsonValue, Verdict } from "@synaps/sdk/protocol";
import type { Clock } from "../time/clock.js";
import { messageOf } from "../errors.js";
import type { EventRequest } from "../delivery/request.js";
import type { DeliveryResult, Target } from "../delivery/target.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";

/** Spellings of the other hook systems, which the in-process API takes beside the wire's vocabulary. */
export type Alias =
  | { action: "reject"; reason: string }
  | { action: "abort"; reason: string }
  | { action: "cancel"; reason: string }
  | { action: "modified"; data: JsonValue }
  | { action: "modify_context"; data: JsonValue };

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

  constructor(id: string, handler: InProcessHandler, clock: Clock) {
    this.id = id;
    this.#handler = handler;
    this.#clock = clock;
  }

  hand(request: EventRequest): void {
    request.placed();
    void this.#deliver(request).then((result) => request.finished(result));
  }

  async #deliver({ event, deadlineMs, untilMs }: EventRequest): Promise<DeliveryResult> {
    const started = this.#clock.now();
    const ms = Math.min(deadlineMs, untilMs - started);
    const times = (): { queueMs: number; runMs: number } => ({
      queueMs: 0,
      runMs: this.#clock.now() - started,
    });
    let cancel = (): void => {};
    const late = new Promise<"late">((resolve) => {
      if (!Number.isFinite(ms)) return;
      const timer = this.#clock.after(Math.max(0, ms), () => resolve("late"));
      cancel = () => timer.cancel();
    });
    try {
      const answer = await Promise.race([this.#call(event), late]);
      if (answer === "late") {
        return { answered: false, reason: ms < deadlineMs ? "budget" : "timeout", ...times() };
      }
      return {
        answered: true,
        result: answer === undefined ? { action: "continue" } : onWire(answer),
        ...times(),
      };
    } catch (error) {
      return { answered: false, reason: "error", detail: messageOf(error), ...times() };
    } finally {
      cancel();
    }
  }

  // async: a handler that throws at once rejects like one that throws later.
  async #call(event: OutgoingEvent): Promise<Verdict | Alias | undefined> {
    return (await this.#handler(event.envelope)) ?? undefined;
  }
}

function onWire(answer: Verdict | Alias): Verdict {
  switch (answer.action) {
    case "reject":
    case "abort":
    case "cancel":
      return { action: "block", reason: answer.reason };
    case "modified":
    case "modify_context":
      return { action: "modify", input: answer.data };
    default:
      return answer;
  }
}
