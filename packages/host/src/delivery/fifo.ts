/** A queue whose head is taken in constant time, however long the queue is. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts several items before all others, in their order. */
  prepend(items: readonly T[]): void {
    this.#items = [...items, ...this.all()];
    this.#head = 0;
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  last(): T | undefined {
    return this.#items.length === this.#head ? undefined : this.#items.at(-1);
  }

  /** Takes the newest item. */
  pop(): T | undefined {
    return this.#items.length === this.#head ? undefined : this.#items.pop();
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    // Half of the array is free: each item is moved once on average.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes out all that `select` picks, in order. */
  take(select: (item: T) => boolean): T[] {
    const taken: T[] = [];
    const kept: T[] = [];
    for (const item of this.all()) (select(item) ? taken : kept).push(item);
    if (taken.length === 0) return taken;
    this.#items = kept;
    this.#head = 0;
    return taken;
  }

  all(): T[] {
    return this.#items.slice(this.#head) as T[];
  }
}
