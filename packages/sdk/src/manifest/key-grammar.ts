/** Keys that have a name. The first of each row is how we write it. */
const NAMED: readonly (readonly string[])[] = [
  ["Space"],
  ["Tab"],
  ["Enter"],
  ["Esc"],
  ["Backspace", "BS"],
  ["Delete", "Del"],
  ["Home"],
  ["End"],
  ["PageUp", "PgUp"],
  ["PageDown", "PgDn"],
  ["Up"],
  ["Down"],
  ["Left"],
  ["Right"],
];

const NAMES = new Map(NAMED.flatMap((names) => names.map((name) => [name.toLowerCase(), names[0] ?? name])));

const COMBINATION = /^((?:[CSA]-)*)(.+)$/su;
const FUNCTION_KEY = /^F([1-9]|1[0-2])$/i;
// A key that prints nothing cannot be named by itself.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\s]/u;

/** Combinations that the terminal program itself needs: no extension and no user takes them. The reference's 22. */
// prettier-ignore
export const RESERVED_KEYS: readonly string[] = [
  "C-c", "Esc", "Enter", "S-Enter", "Tab", "C-a", "C-e", "C-u", "C-w", "C-o", "A-Left", "A-Right", "S-Up", "S-Down",
  "Up", "Down", "Left", "Right", "Backspace", "A-Backspace", "Home", "End",
];

/**
 * Reads a key combination: `C-` (Control), `S-` (Shift) and `A-` (Alt) before one character, `F1` to `F12`, or the
 * name of a key. Returns it in its one spelling (`C-S-A-` in this order, letters lower case), or undefined.
 */
export function parseKey(text: string): string | undefined {
  const [, modifiers = "", key = ""] = COMBINATION.exec(text.trim()) ?? [];
  const name = keyName(key);
  if (name === undefined) return undefined;
  const given = ["C-", "S-", "A-"].filter((modifier) => modifiers.includes(modifier));
  return given.join("") + name;
}

function keyName(key: string): string | undefined {
  if ([...key].length === 1) return UNPRINTABLE.test(key) ? undefined : key.toLowerCase();
  if (FUNCTION_KEY.test(key)) return key.toUpperCase();
  return NAMES.get(key.toLowerCase());
}
