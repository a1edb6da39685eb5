import type { Clock } from "../clock.js";

/** Tells of the times in which a store was away: a line at the begin and at the end of each, and figures of all. */
export class Outages {
  readonly #what: string;
  readonly #clock: Pick<Clock, "now">;
  readonly #log: (line: string) => void;
  #since: number | undefined;
  #reason = "";
  #now = { lookups: 0, writes: 0, owed: 0 };
  #count = 0;
  #totalMs = 0;
  #lookups = 0;

  constructor(what: string, clock: Pick<Clock, "now">, log: (line: string) => void) {
    this.#what = what;
    this.#clock = clock;
    this.#log = log;
  }

  /** A further failure within an outage changes its reason and writes no line. */
  begin(reason: string): void {
    this.#reason = reason;
    if (this.#since !== undefined) return;
    this.#since = this.#clock.now();
    this.#count += 1;
    this.#now = { lookups: 0, writes: 0, owed: 0 };
    this.#log(`${this.#what} is away (${reason}): operations run as if nothing were kept until it is back`);
  }

  end(): void {
    if (this.#since === undefined) return;
    const tookMs = Math.max(0, this.#clock.now() - this.#since);
    this.#since = undefined;
    this.#totalMs += tookMs;
    const { lookups, writes, owed } = this.#now;
    this.#log(
      `${this.#what} is back after ${tookMs} ms: ${lookups} look-ups and ${writes} writes went without it, ${owed} invalidations were made up for`,
    );
  }

  lookup(): void {
    this.#lookups += 1;
    this.#now.lookups += 1;
  }

  lostWrite(): void {
    this.#now.writes += 1;
  }

  owes(count: number): void {
    this.#now.owed = Math.max(this.#now.owed, count);
  }

  status(): Readonly<Record<string, string | number>> {
    const sinceMs = this.#since === undefined ? 0 : this.#clock.now() - this.#since;
    return {
      state: this.#since === undefined ? "up" : `away (${this.#reason})`,
      outages: this.#count,
      away_ms: this.#totalMs + Math.max(0, sinceMs),
      lookups_without: this.#lookups,
    };
  }
}
