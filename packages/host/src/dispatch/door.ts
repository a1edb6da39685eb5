import { HostError, messageOf } from "../errors.js";
import { hostStopped } from "../supervision/failures.js";
import { LATE, limited } from "../time/limited.js";
import type { Clock } from "../time/clock.js";

interface DoorSettings {
  readonly clock: Clock;
  /** Longest wait for the folders to be read, in milliseconds. */
  readonly waitMs: number;
}

/**
 * Lets events in while the host knows which extensions it has: from the reading of the folders until the stop. An event
 * that came in earlier or later would meet no guard, and what it stands for would run unasked.
 */
export class Door {
  readonly #settings: DoorSettings;
  #reading: Promise<unknown> | undefined;
  #refusal: (() => HostError) | undefined = notStarted;
  /** True while events go through without a word: the only thing that the fast path looks at. */
  isOpen = false;

  constructor(settings: DoorSettings) {
    this.#settings = settings;
  }

  /** Events wait for the reading of the folders, and are refused if it fails. */
  openAfter(reading: Promise<unknown>): void {
    this.#refusal = undefined;
    this.#reading = reading.then(
      () => (this.isOpen = this.#refusal === undefined),
      (error: unknown) => (this.#refusal ??= () => startFailed(error)),
    );
  }

  close(): void {
    this.#refusal = hostStopped;
    this.isOpen = false;
  }

  /** Resolves when an event may go in. Rejects with a HostError when it may not, or not in time. */
  async entered(): Promise<void> {
    if (this.isOpen) return;
    this.#check();
    const read = await limited(
      this.#settings.clock,
      this.#settings.waitMs,
      this.#reading ?? Promise.resolve(),
    );
    // The reading may have failed, or the host may have been stopped meanwhile.
    this.#check();
    if (read === LATE) throw stillReading(this.#settings.waitMs);
  }

  #check(): void {
    if (this.#refusal) throw this.#refusal();
  }
}

function notStarted(): HostError {
  return new HostError(
    "HOST_NOT_STARTED",
    "The host was asked before its start: no extension could have answered",
    {
      hint: "Call `await host.start()` first.",
    },
  );
}

function startFailed(error: unknown): HostError {
  const message = `The host was asked although its start had failed: ${messageOf(error)}`;
  return new HostError("HOST_NOT_STARTED", message, {
    hint: "`start()` rejected with this reason: correct the reason and create a new host.",
    cause: error,
  });
}

function stillReading(waitMs: number): HostError {
  return new HostError(
    "HOST_NOT_STARTED",
    `The folders of the extensions were not read within ${waitMs} ms`,
    {
      hint: "Wait for `host.start()`, and look for a slow disk or a very large folder.",
    },
  );
}
