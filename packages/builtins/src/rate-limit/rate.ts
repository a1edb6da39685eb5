/** How many tokens a bucket holds, and how fast it fills. All four are whole numbers. */
export interface Rate {
  /** Tokens of a full bucket beside `burst`. */
  readonly capacity: number;
  /** Further tokens that a full bucket holds. */
  readonly burst: number;
  /** Tokens that come back in each `perMs`. */
  readonly refill: number;
  readonly perMs: number;
}

/** Parts of a token that a refill may name. More would leave the whole numbers that a number can hold. */
const PRECISION = 1_000;

/** The rate of a refill by time, with the smallest whole numbers. A refill counts to a thousandth of a token. */
export function rateOf(capacity: number, burst: number, refill: number, everyMs: number): Rate {
  const [parts, perMs] = [Math.round(refill * PRECISION), everyMs * PRECISION];
  const divisor = commonDivisor(parts, perMs);
  return { capacity, burst, refill: parts / divisor, perMs: perMs / divisor };
}

/** Milliseconds after which an empty bucket is full. */
export function msToFill({ capacity, burst, refill, perMs }: Rate): number {
  return ceilOf((capacity + burst) * perMs, refill);
}

/** The quotient of two whole numbers, rounded down: a division alone rounds near misses to the next whole number. */
export function floorOf(dividend: number, divisor: number): number {
  return (dividend - (dividend % divisor)) / divisor;
}

/** The same, rounded up. */
export function ceilOf(dividend: number, divisor: number): number {
  return floorOf(dividend, divisor) + (dividend % divisor > 0 ? 1 : 0);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
