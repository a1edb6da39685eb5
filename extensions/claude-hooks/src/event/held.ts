/** Calls whose context is kept at one time; the oldest goes first. */
const MAX_KEPT = 256;

/** Context from before a tool call, until the output of the call comes: there is its place. */
export class Held {
  readonly #texts = new Map<string, readonly string[]>();

  /** Returns false if the call has no name to find it by. */
  keep(session: string | null, call: string | undefined, texts: readonly string[]): boolean {
    if (call === undefined) return false;
    const [oldest] = this.#texts.keys();
    if (this.#texts.size >= MAX_KEPT && oldest !== undefined) this.#texts.delete(oldest);
    this.#texts.set(key(session, call), texts);
    return true;
  }

  take(session: string | null, call: string): readonly string[] {
    const texts = this.#texts.get(key(session, call)) ?? [];
    this.#texts.delete(key(session, call));
    return texts;
  }
}

function key(session: string | null, call: string): string {
  return JSON.stringify([session, call]);
}
