/** Longest work in one piece: a running host answers its extensions in between. */
const SLICE_MS = 4;
/** Looking at the clock costs as much as some of the work. */
const STEPS = 32;

/** Cuts long synchronous work into pieces. */
export class Slices {
  #sinceMs = performance.now();
  #steps = 0;

  /** True when the present piece has lasted long enough. */
  over(): boolean {
    this.#steps += 1;
    return this.#steps % STEPS === 0 && performance.now() - this.#sinceMs > SLICE_MS;
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => void setImmediate(resolve));
    this.#sinceMs = performance.now();
  }
}
