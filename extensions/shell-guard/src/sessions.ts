/** Sessions whose folder is kept; the one used longest ago goes first. */
const MAX_SESSIONS = 256;

/** The folders that shells were left in, by session: for shells that live from call to call and whose events name no folder. */
export class Sessions {
  readonly #folders = new Map<string, string>();

  folderOf(session: string): string | undefined {
    const folder = this.#folders.get(session);
    if (folder !== undefined) this.keep(session, folder);
    return folder;
  }

  keep(session: string, folder: string): void {
    this.#folders.delete(session);
    this.#folders.set(session, folder);
    for (const oldest of this.#folders.keys()) {
      if (this.#folders.size <= MAX_SESSIONS) break;
      this.#folders.delete(oldest);
    }
  }
}
