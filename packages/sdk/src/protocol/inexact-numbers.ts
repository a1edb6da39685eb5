/** Found in any JSON text in which JSON.parse changes a number: one of so many digits, or one with an exponent. */
export const MAY_LOSE_DIGITS = /\d{16}|\d[eE]\+?\d/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BACKSLASH = 0x5c;

/** An object or a list that the scan is inside of: the list's index, or where the object's current key stands. */
type Place = { index: number } | { from: number; to: number };

/**
 * Returns the places, as JSON pointers, of numbers that JSON.parse changes: integers beyond 2^53 that no double holds
 * digit by digit, however they are written, and numbers too large for a double. `text` must be valid JSON. At most `most`
 * places are returned; with `member`, only those within that member of the outermost object are looked for.
 */
export function inexactNumbers(text: string, most = 8, member?: string): string[] {
  if (!MAY_LOSE_DIGITS.test(text)) return [];
  const found: string[] = [];
  const places: Place[] = [];
  for (let at = 0; at < text.length && found.length < most; at += 1) {
    const place = places.at(-1);
    switch (text[at]) {
      case '"': {
        const from = at;
        at = stringEnd(text, at);
        if (place && "from" in place && isKey(text, at)) Object.assign(place, { from, to: at + 1 });
        break;
      }
      case "{":
        places.push({ from: 0, to: 0 });
        break;
      case "[":
        places.push({ index: 0 });
        break;
      case "}":
      case "]":
        places.pop();
        break;
      case ",":
        if (place && "index" in place) place.index += 1;
        break;
      default: {
        NUMBER.lastIndex = at;
        const [digits] = NUMBER.exec(text) ?? [];
        if (digits === undefined) break;
        if (changes(digits) && isWithin(text, places, member)) found.push(pointerOf(text, places));
        at += digits.length - 1;
      }
    }
  }
  return found;
}

function changes(digits: string): boolean {
  const value = Number(digits);
  if (!Number.isFinite(value)) return true;
  if (/^-?\d+$/.test(digits)) return digits.length > 15 && String(value) !== digits;
  // Below 2^53 every integer is exact; a fraction is a double anyway.
  return Math.abs(value) >= 2 ** 53 && decimalOf(digits) !== decimalOf(String(value));
}

/** The same text for the same decimal number: sign, digits without zeros at either end, and the power of ten. */
function decimalOf(number: string): string {
  const [, sign = "", whole = "", fraction = "", power = "0"] = DECIMAL.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const short = digits.replace(/0+$/, "");
  return `${sign}${short}e${Number(power) - fraction.length + digits.length - short.length}`;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

function isWithin(text: string, [outermost]: readonly Place[], member: string | undefined): boolean {
  if (member === undefined) return true;
  if (outermost === undefined || "index" in outermost) return false;
  return JSON.parse(text.slice(outermost.from, outermost.to)) === member;
}

/** Index of the quote that ends the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** A string of an object is a key when a colon follows. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (/[ \t\r\n]/.test(text[at] ?? "")) at += 1;
  return text[at] === ":";
}

function pointerOf(text: string, places: readonly Place[]): string {
  return places
    .map((place) =>
      "index" in place ? String(place.index) : String(JSON.parse(text.slice(place.from, place.to))),
    )
    .map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
