/** Slots of the table of beginnings; a power of two. */
const SLOTS = 8_192;
/** Characters from which a copy of the table pays. */
const LONG = 4_096;

/**
 * Finds which of several hundred words stand in a text, in one pass over it: the first three characters of each word are
 * looked up in a table at every place. Asking the text for one word after the other costs a pass for each.
 */
export class Keywords {
  readonly #words: readonly string[];
  readonly #short: number[] = [];
  readonly #buckets = new Map<number, number[]>();
  readonly #table = new Uint8Array(SLOTS);

  constructor(words: readonly string[]) {
    this.#words = words;
    words.forEach((word, index) => {
      if (word.length < 3) {
        this.#short.push(index);
        return;
      }
      const slot = slotOf(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(2));
      const bucket = this.#buckets.get(slot);
      if (bucket) bucket.push(index);
      else this.#buckets.set(slot, [index]);
      this.#table[slot] = 1;
    });
  }

  /** One byte for each word, in their order: 1 if the word stands in the text. Case matters. */
  in(text: string): Uint8Array {
    const present = new Uint8Array(this.#words.length);
    for (const index of this.#short) if (text.includes(this.#words[index] ?? "")) present[index] = 1;
    // A copy forgets places where nothing is left to be found; a short text is over before that pays.
    const isLong = text.length > LONG;
    const table = isLong ? this.#table.slice() : this.#table;
    let first = text.charCodeAt(0);
    let second = text.charCodeAt(1);
    for (let at = 2; at < text.length; at += 1) {
      const third = text.charCodeAt(at);
      const slot = slotOf(first, second, third);
      if (table[slot] === 1 && this.#look(text, at - 2, slot, present) && isLong) table[slot] = 0;
      first = second;
      second = third;
    }
    return present;
  }

  /** True when all words of the slot have been found. */
  #look(text: string, at: number, slot: number, present: Uint8Array): boolean {
    let missing = 0;
    for (const index of this.#buckets.get(slot) ?? []) {
      if (present[index] === 1) continue;
      if (text.startsWith(this.#words[index] ?? "", at)) present[index] = 1;
      else missing += 1;
    }
    return missing === 0;
  }
}

function slotOf(first: number, second: number, third: number): number {
  return ((first << 10) ^ (second << 5) ^ third) & (SLOTS - 1);
}
