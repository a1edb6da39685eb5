/** Places behind the point of an amount: amounts are whole numbers of 10^-12 dollars, so that nothing is ever rounded. */
const PLACES = 12;

/** One dollar, or one of whatever currency the prices are in. */
export const DOLLAR = 10n ** BigInt(PLACES);

/** Digits before the point that a price or a budget may have. */
const MAX_WHOLE_DIGITS = 9;

const DECIMAL = new RegExp(`^\\d{1,${MAX_WHOLE_DIGITS}}(?:\\.\\d+)?$`);

/** Reads `2.50` as a whole number of 10^-`places`. Undefined for anything else, and for more places than that. */
export function parseDecimal(text: string, places: number): bigint | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const [whole = "0", part = ""] = text.split(".");
  return part.length > places ? undefined : BigInt(whole + part.padEnd(places, "0"));
}

/** All digits of an amount, at least two of them behind the point: `0.0000275`, `12.50`. */
export function exactly(amount: bigint): string {
  const digits = amount.toString().padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "").padEnd(2, "0");
  return `${digits.slice(0, -PLACES)}.${part}`;
}
