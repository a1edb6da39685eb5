/** Who still needs a session. It ends when the last of them let go. */
export class Scopes {
  readonly #owners = new Map<string, number>();
  readonly #onEnd: (session: string) => Promise<void>;

  constructor(onEnd: (session: string) => Promise<void>) {
    this.#onEnd = onEnd;
  }

  /** Holds the session open. Returns how to let go, which resolves when what ended with it is gone; once only. */
  hold(session: string): () => Promise<void> {
    this.#owners.set(session, (this.#owners.get(session) ?? 0) + 1);
    let held = true;
    return async () => {
      if (!held) return;
      held = false;
      const left = (this.#owners.get(session) ?? 1) - 1;
      if (left > 0) this.#owners.set(session, left);
      else this.#owners.delete(session);
      if (left === 0) await this.#onEnd(session);
    };
  }
}
