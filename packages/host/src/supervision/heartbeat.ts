import type { Clock, Timer } from "../time/clock.js";
import type { Reply } from "../transport/rpc/reply.js";

export interface HeartbeatOptions {
  clock: Clock;
  /** Silence after which a ping is sent. */
  idleMs: number;
  /** Time to answer one. */
  answerMs: number;
  /** Unanswered pings in a row that mean the process is stuck. */
  misses: number;
  ping(deadlineMs: number): Promise<Reply>;
  /** When the last byte came, on the clock. */
  lastByteMs(): number;
  /** True while a call is inside its deadline: a busy process is not a dead one. */
  busy(): boolean;
  onStuck(): void;
}

/** A timer that came this much too late means that the host itself did not run: nobody is to blame then. */
const LAG_MS = 500;

/** Asks an idle process for a sign of life. Any byte counts as one, not only the answer. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: Timer | undefined;
  #missed = 0;
  #stopped = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#schedule(options.idleMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(Math.max(1, ms), () => void this.#look());
  }

  async #look(): Promise<void> {
    const { clock, idleMs, answerMs, misses } = this.#options;
    const silentMs = clock.now() - this.#options.lastByteMs();
    if (silentMs < idleMs && this.#missed === 0) return this.#schedule(idleMs - silentMs);
    if (this.#options.busy()) return this.#schedule(answerMs);
    const sentAt = clock.now();
    const reply = await this.#options.ping(answerMs);
    if (this.#stopped) return;
    const lagged = clock.now() - sentAt > answerMs + LAG_MS;
    const answered = reply.type === "result" || reply.type === "error";
    const heard = answered || this.#options.lastByteMs() >= sentAt;
    if (heard) this.#missed = 0;
    else if (!lagged && !this.#options.busy()) this.#missed += 1;
    if (this.#missed >= misses) return this.#options.onStuck();
    if (this.#missed === 0) return this.#schedule(idleMs);
    // A ping that could not be sent, because it does not read or closed its input, came back at once.
    this.#schedule(answerMs - (clock.now() - sentAt));
  }
}
