/** Longest time that the program is kept alive after the last work ended, in milliseconds. */
const TICK_MS = 100;

/**
 * Keeps the program alive while work is pending, and for less than a second after. Everything else that the host opens
 * (children, pipes, sockets, timers) is unreferenced, so that a program that forgot `stop` can end.
 */
export class Activity {
  #pending = 0;
  #ticking: NodeJS.Timeout | undefined;
  readonly #onQuiet: () => void;

  /** `onQuiet` is called soon after the last work ended, when nothing here keeps the program alive any more. */
  constructor(onQuiet: () => void = () => {}) {
    this.#onQuiet = onQuiet;
  }

  /** True while no work is pending. */
  get idle(): boolean {
    return this.#pending === 0;
  }

  begin(): void {
    this.#pending += 1;
    // One timer for all: a timer for each request would cost more than the request's other books.
    this.#ticking ??= setInterval(this.#tick, TICK_MS);
  }

  end(): void {
    this.#pending -= 1;
  }

  /** Keeps the program alive until the promise is settled. Resolves or rejects as the promise does. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work;
    } finally {
      this.end();
    }
  }

  readonly #tick = (): void => {
    if (this.#pending > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#onQuiet();
  };
}
