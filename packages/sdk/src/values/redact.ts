/** The text that stands in place of a secret. */
export const MASK = "[masked]";

/** Parts that make a key sensitive wherever they stand in it, after case and separators are removed. */
const SENSITIVE_PARTS =
  /passw|passphrase|secret|credential|authorization|cookie|apikey|accesskey|privatekey|signingkey|encryptionkey|accesstoken|refreshtoken|authtoken|sessiontoken|bearertoken/;

/** Too short to be looked for inside other words (`author`, `tokens`): they count as a whole word only. */
const SENSITIVE_WORDS = new Set(["token", "auth", "pwd", "pass", "jwt", "bearer", "otp"]);

/** Keys repeat from call to call; the bound is for inputs whose keys are data. */
const MAX_REMEMBERED_KEYS = 2_000;
const remembered = new Map<string, boolean>();

/** True for the name of a member that usually holds a secret, in any of the usual spellings. */
export function isSensitiveKey(key: string): boolean {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const words = key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const sensitive = SENSITIVE_PARTS.test(words.join("")) || words.some((word) => SENSITIVE_WORDS.has(word));
  if (remembered.size < MAX_REMEMBERED_KEYS) remembered.set(key, sensitive);
  return sensitive;
}

/**
 * Secrets that are known by their shape, and values that are known by what stands before them. Each pattern can only
 * start where a run of its characters starts, or is bounded, so that no text makes it slow (guarded by a test).
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
    "[masked:private-key]",
  ],
  [/(?<![\w-])eyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, "[masked:jwt]"],
  [/(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,})/g, "[masked:github]"],
  [/(?<![\w-])glpat-[\w-]{16,}/g, "[masked:gitlab]"],
  [/(?<![\w-])sk-[\w-]{16,}/g, "[masked:sk]"],
  [/(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g, "[masked:stripe]"],
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, "[masked:aws]"],
  [/(?<![\w-])(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}/g, "[masked:slack]"],
  [/(?<![\w-])AIza[\w-]{35}/g, "[masked:google]"],
  [/(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}/g, "[masked:npm]"],
  [/\b(Bearer\s{1,4})[\w.~+/=-]{8,}/gi, `$1${MASK}`],
  [/\b(Basic\s{1,4})[A-Za-z0-9+/=]{20,}/gi, `$1${MASK}`],
  [/(:\/\/[^\s/:@]{0,64}:)[^\s/@]{1,256}@/g, `$1${MASK}@`],
  // A header line: its value may hold spaces and ends with the line or its quotes.
  [/((?:authorization|cookie|x-api-key)["']?\s{0,4}:\s{0,4}["']?)[^\r\n"']{4,}/gi, `$1${MASK}`],
  [
    /((?:passw(?:or)?d|passphrase|secret|token|(?:api|access|private|secret)[_-]?key)["']?\s{0,4}[=:]\s{0,4}["']?)(?!\[masked)[^\s"',;&)}\]]{4,}/gi,
    `$1${MASK}`,
  ],
  [/(--?(?:password|passphrase|secret|token|api-?key)\s{1,4})(?!\[masked)[^\s-]\S{3,}/gi, `$1${MASK}`],
];

/** A cheap look for anything that the patterns need; most texts have none of it and are done. */
const MAY_HOLD =
  /-----BEGIN|eyJ|gh[pousr]_|github_|glpat-|sk-|k_live|k_test|AKIA|ASIA|xox|xapp|AIza|npm_|bearer|basic|:\/\/|authorization|cookie|x-api|passw|passphrase|secret|token|key/i;

/** The text with everything masked that looks like a secret. Best effort: a secret of no known shape stays. */
export function maskText(text: string): string {
  if (text.length < 8 || !MAY_HOLD.test(text)) return text;
  let masked = text;
  for (const [pattern, mask] of SHAPES) masked = masked.replace(pattern, mask);
  return masked;
}
