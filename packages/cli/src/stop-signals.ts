import { SIGNAL_EXIT } from "./exit-codes.js";
import type { Output } from "./io.js";

/** Tools such as npm and timeout send one Ctrl-C twice, to the process and to its group. Nobody types that fast. */
const SAME_PRESS_MS = 200;

type StopSignal = keyof typeof SIGNAL_EXIT;

/** The first signal asks for an orderly end, the second one ends the process at once. */
export class StopSignals {
  readonly #asked = new AbortController();
  readonly #stderr: Output;
  readonly #slow: boolean;
  #since = 0;
  #exitCode: number | undefined;
  readonly #listeners: [StopSignal, () => void][] = [];

  /** `slow`: whether there is work to end, so that the user is told about a second Ctrl-C. */
  constructor(stderr: Output, { slow = true } = {}) {
    this.#stderr = stderr;
    this.#slow = slow;
    for (const signal of Object.keys(SIGNAL_EXIT) as StopSignal[]) {
      const listener = (): void => this.#on(signal);
      process.on(signal, listener);
      this.#listeners.push([signal, listener]);
    }
  }

  get asked(): AbortSignal {
    return this.#asked.signal;
  }

  /** Undefined when there was no signal. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  #on(signal: StopSignal): void {
    if (this.#exitCode !== undefined) {
      if (performance.now() - this.#since < SAME_PRESS_MS) return;
      // The host's exit hook takes the extensions along.
      process.exit(SIGNAL_EXIT[signal]);
    }
    this.#since = performance.now();
    this.#exitCode = SIGNAL_EXIT[signal];
    if (signal === "SIGINT" && this.#slow && this.#stderr.isTerminal) {
      void this.#stderr.write("\nStopping; Ctrl-C once more ends at once.\n");
    }
    this.#asked.abort();
  }

  release(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }
}
