/** Promise of a name: a password that a person chose, a token drawn at random, a key, or nothing. */
export type NameKind = "password" | "token" | "key";

const words = (list: string) => new Set(list.split(" "));

const PASSWORDS = words(
  "password passwd passwort kennwort wachtwoord senha passphrase passcode pwd pass pw psk psw passwords rootpw bindpw adminpw userpw",
);
const TOKENS = words(
  "token tokens secret secrets credential credentials creds cred jwt bearer signing salt hmac pat auth dsn apikey authkey accesskey secretkey privatekey mnemonic sas otp totp",
);

/** Glued to something else, as in `PGPASSWORD`, `dbpasswd`, `authtoken`. */
const GLUED_PASSWORD = /^[a-z]{2,20}(?:password|passwd|passphrase|pwd)$/;
const GLUED_TOKEN =
  /^(?:(?:auth|access|api|bot|app|refresh|session|bearer|id|csrf|deploy|push|user)token|[a-z]{2,12}apikey|(?:api|access|auth|secret|private|master|signing|encrypt(?:ion)?|service|account|subscription|storage|license|webhook|deploy)key|(?:client|app|api|shared|auth|jwt|webhook|session)secret)$/;

/** The same word in other languages, at the end of a name or as a heading. */
const FOREIGN_PASSWORD =
  /(?:kennw[oö]rt|passw[oö]rt|contrase(?:ñ|n)a|mot[ _-]?de[ _-]?passe|(?<![a-z])mdp|has[łl]o|heslo|wachtwoord|(?<![a-z])senha|palavra[ _-]?passe|парол[ья]|парола|adgangskode|l[öo]senord|salasana|jelsz[óo]|şifre|geslo|lozinka|parolă|κωδικός|密码|密碼|パスワード|비밀번호)$/i;

/** Endings that may follow without changing what the name is: `API_KEY_PROD`, `client-key-data`, `token2`. */
const QUALIFIERS = words(
  "prod production dev development staging stage live old new current previous primary secondary default base64 b64 pem data value plain plaintext raw hex main backup ro rw readonly override",
);

/** Before `key` or `keys`: what it opens is no lock. */
const NO_KEYS = words(
  "primary cache sort partition foreign public unique index range object map dict lookup translation i18n l10n locale " +
    "react row group order search query route state event idempotency dedup dedupe hot short shortcut arrow enter modifier " +
    "keyboard shift ctrl alt meta tab escape esc backspace delete del home end page up down left right function fn any press " +
    "candidate composite natural surrogate hash sharding shard distribution cluster clustering registry reg parent child item node field column " +
    "attribute attr prop property label name title message msg text string lang config setting settings option options param " +
    "header metadata tag env variable var argument arg pub known host publishable anon site measurement tracking " +
    "data entry element record document doc file path folder dir blob storage bucket s3 redis memcache memo etag cookie " +
    "local collection list array set tree symbol enum menu nav tab view component slot widget filter facet metric " +
    "join link relation ref reference this that last first next prev previous max min start to from by no has is the a an " +
    "answer legend map music piano turn low high same other each every per match compare equals context scope store stored " +
    "resource rate limit throttle lock mutex job queue task topic routing message consumer producer kafka binding " +
    "bundle build version module package plugin dependency peer peers dependencies cert fingerprint checksum digest sum " +
    "hashed flat nested deep top root toplevel special reserved raw numeric string int integer id ids uuid alias type types " +
    "date time timestamp day month year sortable grouping aggregate bucket segment selected active current expanded open " +
    "send feed trigger accelerator mnemonic input output value values pair obj args kwargs params props locale theme color style css class",
);

/** Before `token`: a place in a list or a text, not a credential. */
const NO_TOKENS = words(
  "next page continuation cursor sync cancel cancellation paging pagination prompt completion input output total num max min unexpected invalid bad syntax eof eos bos pad unk sep mask start end stop first last special prev previous idempotency request client_request is has no any each per cached reasoning",
);

/** Before `password`: a question about one, or the act of doing something to it. */
const NO_PASSWORDS = words(
  "show hide forgot forgotten reset no has is require requires required invalid missing wrong toggle single multi first second two one by",
);

/** Before `auth`: a way of doing it. */
const NO_AUTH = words(
  "basic is no has use require requires need needs with without pre post on type method skip enable disable",
);

/** Splits a name into its lower-cased words: at capitals, digits' ends, underscores, dashes and dots. */
export function partsOf(name: string): string[] {
  return name
    .slice(-96)
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "");
}

/** Promise of a name by its last word and the word before it; undefined for names that promise nothing. */
export function kindOfName(name: string): NameKind | undefined {
  if (FOREIGN_PASSWORD.test(name)) return "password";
  const parts = partsOf(name);
  while (parts.length > 1 && isQualifier(parts.at(-1) ?? "")) parts.pop();
  const last = (parts.at(-1) ?? "").replace(/\d{1,2}$/, "");
  const before = parts.at(-2) ?? "";
  if (PASSWORDS.has(last) || GLUED_PASSWORD.test(last))
    return NO_PASSWORDS.has(before) ? undefined : "password";
  if (last === "key" || (last === "keys" && name === name.toUpperCase())) return keyKind(parts);
  if (last === "role" || last === "phrase")
    return /service|seed|recovery|pass/.test(before) ? "token" : undefined;
  if (last === "str" || last === "string") return /^conn(?:ection)?$/.test(before) ? "token" : undefined;
  if (
    last === "pat" ||
    last === "auth" ||
    last === "cred" ||
    last === "sas" ||
    last === "otp" ||
    last === "dsn"
  ) {
    // A short word alone may be any: what it holds has to look like a key.
    if (parts.length === 1 && last !== "auth" && name !== name.toUpperCase()) return "key";
    return NO_AUTH.has(before) ? undefined : "token";
  }
  if (TOKENS.has(last) || GLUED_TOKEN.test(last)) return NO_TOKENS.has(before) ? undefined : "token";
  return undefined;
}

function keyKind(parts: readonly string[]): NameKind | undefined {
  const before = parts.at(-2);
  if (before === undefined) return undefined;
  return NO_KEYS.has(before) || NO_KEYS.has(before.replace(/s$/, "")) || /^\d+$/.test(before)
    ? undefined
    : "key";
}

function isQualifier(part: string): boolean {
  return QUALIFIERS.has(part) || /^\d{1,4}$/.test(part);
}

/** The whole name that ends at `end` of a text, at most 96 characters of it. */
export function nameBefore(text: string, end: number): string {
  const start = Math.max(0, end - 96);
  return /[A-Za-z0-9_$.\u00C0-\u024F\u0400-\u04FF-]*$/.exec(text.slice(start, end))?.[0] ?? "";
}
