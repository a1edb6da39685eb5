/** Sessions that are remembered; of more, the one that was not heard of for longest is forgotten. */
const MOST = 10_000;

/**
 * The folder in which each session of an agent began. A session stays with its project, wherever its commands go later: else a
 * command that changes the folder would leave the project's guards behind.
 */
export class Sessions {
  readonly #folders = new Map<string, string | null>();

  /** The folder of the session. `folder` is taken for a session that is new. */
  folderOf(agent: string, session: string | null, folder: string | null): string | null {
    if (session === null || session === "") return folder;
    const key = `${agent} ${session}`;
    const known = this.#folders.get(key);
    const own = known === undefined ? folder : known;
    this.#folders.delete(key);
    this.#folders.set(key, own);
    if (this.#folders.size > MOST) {
      const [oldest] = this.#folders.keys();
      if (oldest !== undefined) this.#folders.delete(oldest);
    }
    return own;
  }

  /** Forgets a session that has ended. */
  end(agent: string, session: string | null): void {
    if (session !== null) this.#folders.delete(`${agent} ${session}`);
  }

  get size(): number {
    return this.#folders.size;
  }
}
