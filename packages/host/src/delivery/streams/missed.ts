/** Sessions whose missed items are remembered. The oldest are forgotten: `meta.dropped` is then too small, never the books. */
const MAX_SESSIONS = 4_096;

/** Number of items that each session lost since the last one that its handler got. Bounded. */
export class Missed {
  readonly #counts = new Map<string | null, number>();

  add(session: string | null, items: number): void {
    const known = this.#counts.get(session);
    if (known === undefined && this.#counts.size >= MAX_SESSIONS) this.#forgetOldest();
    this.#counts.set(session, (known ?? 0) + items);
  }

  /** Returns the number, which the next item of the session carries, and begins at 0 again. */
  take(session: string | null): number {
    if (this.#counts.size === 0) return 0;
    const items = this.#counts.get(session);
    if (items === undefined) return 0;
    this.#counts.delete(session);
    return items;
  }

  /** Adds what another one counted. */
  addAll(other: Missed): void {
    for (const [session, items] of other.#counts) this.add(session, items);
  }

  #forgetOldest(): void {
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#counts.delete(oldest);
  }
}
