/** Sessions that a process may work on at a time, until its answers say more about it. */
const FIRST = 16;
/** The same once the process has shown that it works on several at a time, or answers fast. */
const MOST = 128;
/** An answer within this is fast, as for gates. */
const FAST_MS = 5;
/** After this, items should wait here, where waiting is counted, and not in a process that reads one by one. */
const SLOW_MS = 50;

/**
 * Number of stream items that may be with one process: one for each session that it works on. A process that answers
 * a later item before an earlier one works side by side, so that slow sessions must not use its room up.
 */
export class Window {
  readonly #first: number;
  readonly #most: number;
  #beside = false;
  size: number;

  /** `wanted`: the manifest's number, which never changes. */
  constructor(wanted?: number) {
    this.#first = wanted ?? FIRST;
    this.#most = wanted ?? MOST;
    this.size = this.#first;
  }

  /** An item was answered. `overtook`: an item that was sent before is still with the process. */
  answered(runMs: number, moreWait: boolean, overtook: boolean): void {
    if (overtook) {
      this.#beside = true;
      this.size = this.#most;
    }
    if (this.#beside) return;
    if (runMs > SLOW_MS) this.size = Math.max(this.#first, this.size >> 1);
    else if (moreWait && runMs < FAST_MS && this.size < this.#most) this.size += 1;
  }

  /** The process is gone, and the next one has its own ways. */
  reset(): void {
    this.#beside = false;
    this.size = this.#first;
  }
}
