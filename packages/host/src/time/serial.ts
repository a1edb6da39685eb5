/** Runs asynchronous work one piece after the other. A piece that fails rejects for its own caller and delays nobody. */
export class Serial {
  #last: Promise<unknown> | undefined;

  /** True if no piece of work is under way or waits. */
  get idle(): boolean {
    return this.#last === undefined;
  }

  /** Runs the work after all work before it. Resolves or rejects as the work does. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#last ? this.#last.then(work) : Promise.resolve().then(work);
    const forget = (): void => {
      if (this.#last === last) this.#last = undefined;
    };
    const last: Promise<unknown> = done.then(forget, forget);
    this.#last = last;
    return done;
  }

  /** Resolves when all work so far has ended, well or not. */
  async settled(): Promise<void> {
    await this.#last;
  }
}

/** The same for each key on its own. A key without work costs no memory. */
export class SerialByKey<Key> {
  readonly #serials = new Map<Key, Serial>();

  async run<T>(key: Key, work: () => T | Promise<T>): Promise<T> {
    const serial = this.#serials.get(key) ?? new Serial();
    this.#serials.set(key, serial);
    try {
      return await serial.run(work);
    } finally {
      if (serial.idle && this.#serials.get(key) === serial) this.#serials.delete(key);
    }
  }

  /** Number of keys with work that is under way or waits. */
  get size(): number {
    return this.#serials.size;
  }

  /** Resolves when all work so far of all keys has ended, well or not. */
  async settled(): Promise<void> {
    await Promise.all([...this.#serials.values()].map((serial) => serial.settled()));
  }
}
