const MAX_KEPT = 1_000;

/** Says each text once. After 1,000 different ones it begins anew. */
export class Told {
  readonly #said = new Set<string>();

  once(text: string, say: (text: string) => void): void {
    if (this.#said.has(text)) return;
    if (this.#said.size >= MAX_KEPT) this.#said.clear();
    this.#said.add(text);
    say(text);
  }
}
