/** Names of algorithms and encodings mix letters and digits like random text. */
const ALGORITHMS =
  /(?:ed|x)25519|sha(?:1|224|256|384|512)|md5|base64|utf-?8|oauth[12]|secp256[kr]1|[reh]s(?:256|512)|aes\d{3}/gi;

/**
 * True if a value reads like a name, a path, a version or a phrase rather than like something drawn at random:
 * `accessToken`, `db-credentials-2`, `/run/secrets/db`, `v1.2.3`, `us-east-1`.
 */
export function isWordy(value: string): boolean {
  const parts = value
    .replace(ALGORITHMS, "word")
    .split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .filter((part) => part !== "");
  if (parts.length === 0) return true;
  // Base64 also falls apart into short pieces at its capitals; names have longer ones.
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const isOneRun = !/[_:.,; ].*[_:.,; ]/.test(value);
  if (isOneRun && parts.length > 3 && length / parts.length < (parts.length > 6 ? 4 : 3)) return false;
  return parts.every(isWord);
}

/** True if a run of letters has a piece that nobody can speak, as random text has: names of code hardly have one. */
export function isUnspeakable(value: string): boolean {
  if (value.length < 12 || !/^[A-Za-z0-9]+$/.test(value)) return false;
  return value.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).some(isPieceOfNone);
}

/** Short forms without a vowel that names hold. */
const SHORT_FORMS =
  /^(?:btn|ctx|str|src|msg|req|res|cfg|ptr|fmt|tmp|cmd|pkg|pwd|psw|rng|usr|grp|html?|css|xml|svg|ssh|ssl|tls|dns|tcp|https?|jwt|png|jpg|pdf|txt|num|len|cnt|prv|prev|nxt|lst|std|sys|http|fn|db|id|ts|js|md|vm|tx|rx|px|kv|kb|mb|gb|ms|ns|rgb|hsl|hmac|crt|csr|pct|hdr|attr|elm|wnd|dlg|lbl|chk|tbl|clr|mgr|svc|srv|clt|dst|bg|fg|sql|ctl|ctrl|thm|nth|by|my|th|st|nd|rd|mr|vs|cb|ch|hw|sw|kms|gcp|ldap|smtp|ftp|rpc|npm|mysql|psql|pg|mq|sms|mfa|otp)$/;

/** Letters of both cases, none of them a vowel, that are no short form: random text has them, names hardly do. */
function isPieceOfNone(part: string): boolean {
  return (
    /^[A-Z]?[b-df-hj-np-tv-xz]{2,}$/.test(part) && part.length >= 3 && !SHORT_FORMS.test(part.toLowerCase())
  );
}

function isWord(part: string): boolean {
  if (/^\d{1,8}$/.test(part) || /^v\d{1,4}$/i.test(part)) return true;
  const letters = /^([A-Z]?[a-z]+|[A-Z]+)\d{0,2}$/.exec(part)?.[1];
  if (letters === undefined) return false;
  if (letters.length < 5) return true;
  // Something that can be spoken: has vowels and no long run of consonants.
  return letters.length <= 24 && /[aeiouy]/i.test(letters) && !/[^aeiouy]{6,}/i.test(letters);
}
