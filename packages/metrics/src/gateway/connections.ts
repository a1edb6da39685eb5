import { labelOf } from "../families/family.js";

/** Addresses that are remembered, at most. Further connections are only counted. */
const MAX_PEERS = 65_536;

/**
 * The connections that are open now. A disconnection of a client whose connection was never told changes nothing, so that
 * the number is right also when the counting began in the middle.
 */
export class Connections {
  readonly #byPeer = new Map<string, number>();
  #beyond = 0;
  #open = 0;

  get open(): number {
    return this.#open;
  }

  opened(peer: string): void {
    const key = labelOf(peer);
    const known = this.#byPeer.get(key);
    this.#open += 1;
    if (known === undefined && this.#byPeer.size >= MAX_PEERS) this.#beyond += 1;
    else this.#byPeer.set(key, (known ?? 0) + 1);
  }

  closed(peer: string): void {
    const key = labelOf(peer);
    const known = this.#byPeer.get(key);
    if (known === undefined && this.#beyond === 0) return;
    this.#open -= 1;
    if (known === undefined) this.#beyond -= 1;
    else if (known > 1) this.#byPeer.set(key, known - 1);
    else this.#byPeer.delete(key);
  }

  forget(): void {
    this.#byPeer.clear();
    this.#beyond = 0;
    this.#open = 0;
  }
}
