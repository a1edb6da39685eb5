import { labelOf, type Family, type Sample } from "../families/family.js";

/** Series of one family, at most. */
const MAX_SERIES = 1_000;
const OTHER = "other";

/** A family that counts by two labels at most. Bounded: values beyond 1,000 series are counted as `other`. */
export class Tally<First extends string, Second extends string = never> implements Family {
  readonly name: string;
  readonly help: string;
  readonly type = "counter";
  readonly #labels: readonly [First, Second?];
  readonly #series = new Map<string, { readonly labels: Sample["labels"]; value: number }>();

  constructor(name: string, help: string, ...labels: [Second] extends [never] ? [First] : [First, Second]) {
    this.name = name;
    this.help = help;
    this.#labels = labels as readonly [First, Second?];
  }

  /** Adds to the series of these labels. `second` must be one of few words: only `first` becomes `other`. */
  add(first: string, second?: string, times = 1): void {
    const value = labelOf(first);
    const series = this.#find(value, second) ?? this.#begin(value, second);
    series.value += times;
  }

  samples(): Sample[] {
    return [...this.#series.values()].map(({ labels, value }) => ({ labels, value }));
  }

  #find(first: string, second: string | undefined): { value: number } | undefined {
    return this.#series.get(keyOf(first, second));
  }

  #begin(first: string, second: string | undefined): { value: number } {
    const isFull = this.#series.size >= MAX_SERIES;
    const known = isFull ? this.#find(OTHER, second) : undefined;
    if (known) return known;
    const value = isFull ? OTHER : first;
    const [one, two] = this.#labels;
    const labels: Record<string, string> = { [one]: value };
    if (two !== undefined && second !== undefined) labels[two] = second;
    const series = { labels, value: 0 };
    this.#series.set(keyOf(value, second), series);
    return series;
  }
}

function keyOf(first: string, second: string | undefined): string {
  return `${second ?? ""}\0${first}`;
}
