/** Sessions that are remembered; the oldest is forgotten, and may be told again. */
const MOST_SESSIONS = 1_000;

/** Remembers which sessions were told of something, so that each hears it once. */
export class ToldSessions {
  readonly #told = new Set<string>();

  /** True for the first call with this session; without a session, for the first call of all. */
  isFirst(session: string | null | undefined): boolean {
    const id = session ?? "";
    if (this.#told.has(id)) return false;
    this.#told.add(id);
    const [oldest] = this.#told;
    if (this.#told.size > MOST_SESSIONS && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}
