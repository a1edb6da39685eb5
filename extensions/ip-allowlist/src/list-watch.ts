import { stateOf } from "./list-file.js";

/**
 * Notices that a file was changed, by looking at it from time to time. A change is reported once two looks found the same: of a
 * file that is being written, half an address is another address.
 */
export class ListWatch {
  readonly #path: string;
  readonly #changed: () => Promise<void>;
  #seen: string | undefined;
  /** State of the file that the list in use was read from. */
  #used: string | undefined;

  constructor(path: string, changed: () => Promise<void>) {
    this.#path = path;
    this.#changed = changed;
  }

  /** Takes the file as it is now as the one in use. Called before the file is read. */
  async begin(): Promise<void> {
    this.#used = this.#seen = await stateOf(this.#path);
  }

  /** Looks once, and reports a change that stood still since the last look. Never rejects unless `changed` does. */
  async look(): Promise<void> {
    const now = await stateOf(this.#path);
    const isQuiet = now === this.#seen;
    this.#seen = now;
    if (!isQuiet || now === this.#used) return;
    this.#used = now;
    await this.#changed();
  }
}
