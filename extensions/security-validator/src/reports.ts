import type { ExtensionContext, JsonObject } from "@synaps/sdk";

/** Reports in a second: a flood of violations must not become a flood of events and lines. */
const MOST_PER_SECOND = 10;

/** Raises `security.violation` and writes a line for each violation, bounded in number. Nobody waits for it. */
export class Reports {
  readonly #now: () => number;
  #second = -1;
  #inSecond = 0;
  #leftOut = 0;

  /** `now`: milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  report(data: JsonObject, line: string, { events, log }: Pick<ExtensionContext, "events" | "log">): void {
    const second = Math.floor(this.#now() / 1_000);
    if (second !== this.#second) [this.#second, this.#inSecond] = [second, 0];
    this.#inSecond += 1;
    if (this.#inSecond > MOST_PER_SECOND) {
      this.#leftOut += 1;
      return;
    }
    const notReported = this.#leftOut;
    this.#leftOut = 0;
    const more = notReported === 0 ? "" : ` (${notReported} before it were not reported)`;
    log(`${line}${more}`);
    events
      .publish("security.violation", { ...data, not_reported: notReported })
      .catch((error: unknown) =>
        log(`'security.violation' was not raised: ${error instanceof Error ? error.message : "it failed"}`),
      );
  }
}
