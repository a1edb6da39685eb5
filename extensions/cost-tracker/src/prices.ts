import { globMatches, isGlob } from "@synaps/sdk/protocol";
import { parseDecimal } from "./money.js";

/** Tokens of one call of a model. No member counts tokens of another one. */
export interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Writes to a cache that keeps them for an hour. */
  cacheWriteLong: number;
}

const SORTS = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite",
  "cacheWriteLong",
] as const satisfies (keyof Tokens)[];

/** Amounts for one token. */
export type Price = Record<keyof Tokens, bigint>;

/** A price has dollars per million tokens with up to six places, so one token costs a whole number of 10^-12 dollars. */
const PRICE_PLACES = 6;

/** More entries are no table that somebody reads. */
const MAX_ENTRIES = 1_000;

const FORM = "model input output [cache-read [cache-write [cache-write-1h]]], prices per million tokens";

/** Prices by the name of the model. Says nothing about a model that is not in it. */
export class PriceTable {
  readonly #exact: ReadonlyMap<string, Price>;
  readonly #patterns: readonly (readonly [string, Price])[];

  constructor(entries: readonly (readonly [string, Price])[]) {
    this.#exact = new Map(entries.filter(([name]) => !isGlob(name)));
    this.#patterns = entries.filter(([name]) => isGlob(name));
  }

  get size(): number {
    return this.#exact.size + this.#patterns.length;
  }

  /** A whole name goes before a pattern, `provider/model` before `model`, and the first pattern that fits before others. */
  priceOf(model: string, provider: string | null): Price | undefined {
    const names = provider === null ? [model] : [`${provider}/${model}`, model];
    for (const name of names) {
      const price = this.#exact.get(name);
      if (price !== undefined) return price;
    }
    return this.#patterns.find(([pattern]) => names.some((name) => globMatches(pattern, name)))?.[1];
  }
}

/** Reads `gpt-4o 2.50 10; claude-* 3 15 0.30 3.75`. Throws an error that names the entry and what is wrong with it. */
export function parsePrices(text: string): PriceTable {
  const entries = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length > MAX_ENTRIES)
    throw new Error(`it has ${entries.length} entries, at most ${MAX_ENTRIES}`);
  const names = new Set<string>();
  const read = entries.map((entry, index) => {
    const place = `entry ${index + 1} '${entry.slice(0, 80)}'`;
    const [name = "", ...words] = entry.split(/\s+/);
    if (words.length < 2 || words.length > 5) throw new Error(`${place} must be ${FORM}`);
    if (names.has(name)) throw new Error(`${place} gives '${name.slice(0, 80)}' a second price`);
    names.add(name);
    return [name, priceOf(place, words)] as const;
  });
  return new PriceTable(read);
}

/** A price of its own that a table leaves out is that of input, the higher one: a cost is never too low by that. */
function priceOf(place: string, words: readonly string[]): Price {
  const [input = 0n, output = 0n, cacheRead = input, cacheWrite = input, cacheWriteLong = cacheWrite] =
    words.map((word) => {
      const price = parseDecimal(word, PRICE_PLACES);
      if (price !== undefined) return price;
      throw new Error(
        `${place}: '${word.slice(0, 40)}' is no price; write dollars per million tokens, as 2.50, with at most ${PRICE_PLACES} places`,
      );
    });
  return { input, output, cacheRead, cacheWrite, cacheWriteLong };
}

/** The cost of a call, exact. */
export function costOf(price: Price, tokens: Tokens): bigint {
  let cost = 0n;
  for (const sort of SORTS) cost += price[sort] * BigInt(tokens[sort]);
  return cost;
}
