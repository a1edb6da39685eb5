/**
 * True for a multiple of a step, both as the decimal numbers that people and JSON write: 0.3 is a multiple of 0.1, which a
 * division of binary numbers would deny.
 */
export function isMultiple(value: number, step: number): boolean {
  const one = decimalOf(value);
  const other = decimalOf(step);
  const least = Math.min(one.exponent, other.exponent);
  return scaled(one, least) % scaled(other, least) === 0n;
}

interface Decimal {
  digits: bigint;
  exponent: number;
}

function decimalOf(value: number): Decimal {
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", part = ""] = digits.split(".");
  return { digits: BigInt(whole + part), exponent: Number(exponent) - part.length };
}

function scaled({ digits, exponent }: Decimal, least: number): bigint {
  return digits * 10n ** BigInt(exponent - least);
}
