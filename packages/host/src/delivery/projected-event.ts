import { SharedParams } from "../transport/rpc/shared-params.js";
import type { Envelope } from "./event-input.js";
import type { MemberOf, Projection } from "./projection.js";
import { SHARED_FROM, type SentEvent } from "./sent-event.js";

/** The event that parts are taken from. */
export interface WholeEvent {
  readonly kind: string;
  readonly toolName: string | null;
  readonly sessionId: string | null;
  member: MemberOf;
  metaTail(deadlineMs: number, attempt: number, dropped: number, withOutput: boolean): string;
}

/** The parts of an event that some hooks get: made and written once for all of them. */
export class ProjectedEvent implements SentEvent {
  readonly kind: string;
  readonly toolName: string | null;
  readonly sessionId: string | null;
  readonly envelope: Partial<Envelope>;
  readonly text: string;
  readonly #event: WholeEvent;
  readonly #withOutput: boolean;
  #shared: Buffer | undefined;

  constructor(event: WholeEvent, projection: Projection) {
    this.kind = event.kind;
    this.toolName = event.toolName;
    this.sessionId = event.sessionId;
    this.#event = event;
    this.#withOutput = projection.takes("tool_output");
    this.envelope = projection.pick((member) => event.member(member));
    this.text = JSON.stringify(this.envelope);
  }

  get size(): number {
    return this.text.length;
  }

  params(withMeta: boolean, deadlineMs: number, attempt: number, dropped = 0): string | SharedParams {
    const tail = withMeta ? this.metaTail(deadlineMs, attempt, dropped) : "}";
    const { text } = this;
    if (text.length < SHARED_FROM) return withMeta ? text.slice(0, -1) + tail : text;
    this.#shared ??= Buffer.from(text.slice(0, -1));
    return new SharedParams(this.#shared, tail);
  }

  /** Says nothing of the size of an output that is not sent. */
  metaTail(deadlineMs: number, attempt: number, dropped = 0): string {
    return this.#event.metaTail(deadlineMs, attempt, dropped, this.#withOutput);
  }
}
