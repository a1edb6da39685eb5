import { addressIn, addressRange } from "./address.js";
import { addressBits, type AddressBits } from "./address-bits.js";

/** A text of a list that is neither an address nor a range: its place in the list and the reason. */
export interface WrongAddress {
  readonly at: number;
  readonly why: string;
}

/** Bits of an address in numbers, IPv4 in IPv6 form. */
const ALL_BITS = 128;

/**
 * IP addresses and ranges. A look costs one comparison for each length of prefix in the list, however many ranges there are:
 * `BlockList` of Node looks at all of them one after the other.
 */
export class AddressSet {
  readonly #byPrefix = new Map<number, Set<string>>();

  /**
   * Reads addresses, and ranges in CIDR notation such as `192.168.1.0/24`. An IPv4 address is the same in IPv6 form. Returns
   * the first text that is neither. Never throws.
   */
  static of(texts: readonly string[]): AddressSet | WrongAddress {
    const set = new AddressSet();
    for (const [at, text] of texts.entries()) {
      const range = addressRange(text);
      if (typeof range === "string") return { at, why: range };
      const prefix = range.prefix + (range.family === "ipv4" ? ALL_BITS - 32 : 0);
      const networks = set.#byPrefix.get(prefix) ?? new Set();
      set.#byPrefix.set(prefix, networks.add(networkKey(addressBits(range), prefix)));
    }
    return set;
  }

  /** True if the text is an address, with or without a port, that one of the ranges holds; undefined if it is no address. */
  has(text: string): boolean | undefined {
    const found = addressIn(text);
    if (found === undefined) return undefined;
    const bits = addressBits(found);
    for (const [prefix, networks] of this.#byPrefix) if (networks.has(networkKey(bits, prefix))) return true;
    return false;
  }
}

/** The first bits of an address as a text: the others count for nothing. */
function networkKey([a, b, c, d]: AddressBits, prefix: number): string {
  return `${first(a, prefix)},${first(b, prefix - 32)},${first(c, prefix - 64)},${first(d, prefix - 96)}`;
}

/** The number with all but its first bits set to 0. */
function first(number: number, bits: number): number {
  if (bits >= 32) return number;
  return bits <= 0 ? 0 : number - (number % 2 ** (32 - bits));
}
