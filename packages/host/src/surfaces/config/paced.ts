import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import type { Clock } from "../../time/clock.js";
import { Serial } from "../../time/serial.js";
import { FloodBrake } from "../../transport/flood-brake.js";
import { RequestFailure } from "../../transport/rpc/inbound-requests.js";

/** Requests of one extension that may wait. Further requests are refused, so that a flood leaves little to be done. */
export const MAX_WAITING = 32;

/** Cost of a request that reads, for the host and beside the file, in milliseconds. */
export const READING_MS = 0.3;
/** The same for a request that writes: a lock, a temporary file, two flushes and a rename. */
export const WRITING_MS = 2;
/** Bytes of a file that the host reads, splits and writes in about a millisecond. */
const BYTES_PER_MS = 100_000;

/**
 * Requests of one extension that read or write its configuration file: one after the other, and with a brake, so that
 * a flood of requests takes a small part of the host's time. The cost is estimated: time on the clock would count a
 * slow disk as work.
 */
export class Paced {
  readonly #brake: FloodBrake;
  readonly #serial = new Serial();
  #waiting = 0;
  #open: Promise<void> = Promise.resolve();
  #resume: () => void = () => {};
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#brake = new FloodBrake(clock, {
      pause: () => (this.#open = new Promise((resolve) => (this.#resume = resolve))),
      resume: () => this.#resume(),
    });
  }

  /** Runs a request when its turn comes. `bytes` is the size of the file that it works on, `fixedMs` the cost beside. */
  async run<T>(fixedMs: number, bytes: () => Promise<number>, work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) {
      const told = `too many configuration requests at a time: at most ${MAX_WAITING}`;
      throw new RequestFailure(WIRE_ERRORS.overloaded, told);
    }
    this.#waiting += 1;
    try {
      return await this.#serial.run(async () => {
        await this.#open;
        this.#brake.charge(fixedMs + (await bytes()) / BYTES_PER_MS, this.#clock.now());
        return work();
      });
    } finally {
      this.#waiting -= 1;
    }
  }
}
