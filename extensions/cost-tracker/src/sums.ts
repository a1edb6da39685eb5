/** Calls, tokens and cost of something. Whole numbers of any size: no sum is ever rounded. */
export interface Sum {
  calls: bigint;
  /** Calls whose model had no price; their cost is not in `cost`. */
  unpriced: bigint;
  input: bigint;
  output: bigint;
  cost: bigint;
}

/** Stands for all names that had no room. */
export const OTHERS = "(others)";

const MEMBERS = ["calls", "unpriced", "input", "output", "cost"] as const;

export function noSum(): Sum {
  return { calls: 0n, unpriced: 0n, input: 0n, output: 0n, cost: 0n };
}

export function addTo(sum: Sum, more: Sum): void {
  for (const member of MEMBERS) sum[member] += more[member];
}

/** Sums by name. The least recently used name makes room for a new one, and its sum goes to `(others)`: nothing is lost. */
export class Sums {
  readonly #most: number;
  readonly #byName = new Map<string, Sum>();

  constructor(most: number) {
    this.#most = most;
  }

  add(name: string, more: Sum): void {
    const sum = this.#byName.get(name) ?? noSum();
    addTo(sum, more);
    this.#byName.delete(name);
    this.#byName.set(name, sum);
    // Its place is beside those that are counted.
    const room = this.#byName.has(OTHERS) ? this.#most + 1 : this.#most;
    if (this.#byName.size > room) this.#evict();
  }

  get(name: string): Sum | undefined {
    return this.#byName.get(name);
  }

  entries(): [string, Sum][] {
    return [...this.#byName];
  }

  merge(other: Sums): void {
    for (const [name, sum] of other.#byName) this.add(name, sum);
  }

  #evict(): void {
    for (const [name, sum] of this.#byName) {
      if (name === OTHERS) continue;
      this.#byName.delete(name);
      const others = this.#byName.get(OTHERS) ?? noSum();
      addTo(others, sum);
      this.#byName.set(OTHERS, others);
      return;
    }
  }
}

/** Five texts of digits, in the order of the members. */
export function sumToJson(sum: Sum): string[] {
  return MEMBERS.map((member) => sum[member].toString());
}

/** Throws for anything that `sumToJson` does not make. */
export function sumFromJson(value: unknown): Sum {
  const isSum =
    Array.isArray(value) &&
    value.length === MEMBERS.length &&
    value.every((digits) => typeof digits === "string" && /^\d{1,60}$/.test(digits));
  if (!isSum) throw new Error("it holds a sum that is none");
  const [calls, unpriced, input, output, cost] = value.map((digits) => BigInt(digits as string));
  return { calls, unpriced, input, output, cost } as Sum;
}
