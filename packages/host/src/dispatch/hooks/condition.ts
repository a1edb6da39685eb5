import type { Envelope } from "../../delivery/event-input.js";
import type { OutgoingEvent } from "../../delivery/outgoing-event.js";

type Asked = Pick<OutgoingEvent, "text">;

/**
 * The program's own condition of one hook, `shouldExecute`. It sees the copy of the event that the handler then gets, and is
 * asked once for each event as it stands. A condition that throws lets the event pass: the vote then has the error.
 */
export class Condition {
  readonly #shouldExecute: (event: Envelope) => boolean;
  /** The event that was asked about last, its copy, and the answer. */
  #asked: object | undefined;
  #copy: Envelope | undefined;
  #answer = false;
  #error: { thrown: unknown } | undefined;

  constructor(shouldExecute: (event: Envelope) => boolean) {
    this.#shouldExecute = shouldExecute;
  }

  /** True if the event concerns the hook, also when the condition throws. */
  matches(event: Asked): boolean {
    this.#ask(event);
    return this.#answer || this.#error !== undefined;
  }

  /** The same for an event that matched. Throws the error of the condition. */
  holds(event: Asked): boolean {
    this.#ask(event);
    if (this.#error) throw this.#error.thrown;
    return this.#answer;
  }

  /** Gives the copy of the event that was asked about last away. */
  takeCopy({ text }: Asked): Envelope {
    const copy = this.#copy ?? (JSON.parse(text) as Envelope);
    this.#copy = undefined;
    return copy;
  }

  #ask(event: Asked): void {
    if (event === this.#asked) return;
    this.#asked = event;
    this.#error = undefined;
    this.#copy = JSON.parse(event.text) as Envelope;
    try {
      this.#answer = this.#shouldExecute(this.#copy);
    } catch (thrown) {
      this.#answer = false;
      this.#error = { thrown };
    }
    if (!this.#answer) this.#copy = undefined;
  }
}
