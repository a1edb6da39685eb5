/** Most bytes of all sketches of one host. */
const MOST_SKETCH_BYTES = 256 * 1024 * 1024;

/** What the indexes of all namespaces may have together. One that goes beyond it lets go of its own oldest sketches. */
export class SketchBudget {
  #left: number;

  constructor(bytes = MOST_SKETCH_BYTES) {
    this.#left = bytes;
  }

  get isOverdrawn(): boolean {
    return this.#left < 0;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
