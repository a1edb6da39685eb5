import { entropyOf } from "./entropy.js";
import { kindOfName, nameBefore, partsOf, type NameKind } from "./names.js";
import { isPlaceholder } from "./placeholder.js";
import type { Candidate } from "./rules/rule.js";
import {
  isPasswordBesideUser,
  isPasswordOfLetters,
  isTypedPassword,
  surroundingsOf,
  type Surroundings,
} from "./typed-password.js";
import { isUnspeakable, isWordy } from "./wordy.js";

/** Ends of names that speak about a secret instead of holding it: `token_type`, `passwordHash`, `secret.name`. */
const ABOUT =
  /(?:types?|names?|ids?|ur[il]s?|path|files?|filename|dir|len|length|size|count|counts|limit|limits|ttl|exp|expir[a-z]*|at|age|version|policy|hash|hashes|sha\d*|md5|digest|checksum|fingerprint|algorithm|alg|format|fields?|label|hint|help|text|desc|description|title|message|error|accessor|prefix|suffix|regexp?|pattern|required|enabled|disabled|valid[a-z]*|status|state|strength|min|max|usage|used|encryption|refs?|arn|env|vars?|store|manager|provider|class|index|idx|pos|offset|kind|scopes?|endpoint|issuer|audience|list|map|set|reset|i[sz]er|i[sz]ed?|ing|s|column|param|params|parameter|header|input|placeholder|rotation|source|mode|method|engine|backend|driver|module|package|import|template|schema|model|service|server|host|port|selector|annotation|created|updated|date|time|timestamp|cache|salt|bytes|bits|stream|iterator|literal|value_?from)$/i;

/** Beginnings of names whose tokens are positions, not credentials. */
const POSITION =
  /(?<![a-z])(?:next|page|continuation|cursor|sync|cancell?(?:ation)?|paging|pagination|has|is|no|num|max|min|get|total|input|output|public|completion|prompt|syntax|unexpected|invalid|bad)[_.-]?$/i;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DIGEST = /^(?:sha(?:1|256|384|512)|md5)[-:]/i;
const CODE =
  /^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+|^[\w$.]+\(|^[\w$.]+\[|=>|^\/\^|^https?:\/\//;
/** Beginnings of public keys: SSH, and X.509 in base64. */
const PUBLIC_KEY = /^(?:AAAA[BCE]3Nza|AAAAE2Vj|MII[BC]Ij|MFkwEwYH|MCowBQYD|ssh-|ecdsa-)/;

/** True if a value assigned to a promising name is a secret rather than code, a name, a hash or a stand-in. */
export function isAssignedSecret(candidate: Candidate): boolean {
  const { value, match, text, end } = candidate;
  const groups = match.groups ?? {};
  const name = groups["name"] ?? "";
  const tail = groups["tail"] ?? "";
  if (tail !== "" && ABOUT.test(tail)) return false;
  // An ARN names a secret: `arn:aws:secretsmanager:region:account:secret:name`.
  if (/:\d{12}:$/.test(text.slice(Math.max(0, match.index - 14), match.index))) return false;
  // A test that passed (`PASS: dir/name.exp`), and a PKCS #11 token, which is a device.
  if (name === "PASS" && text[match.index + 4] === ":") return false;
  if (text.slice(Math.max(0, match.index - 7), match.index) === "pkcs11:") return false;
  const nameStart = match.indices?.groups?.["name"]?.[0] ?? match.index;
  if (POSITION.test(text.slice(Math.max(0, nameStart - 16), nameStart))) return false;
  const quoted = groups["bare"] === undefined;
  if (isCutOff(text, end, quoted)) return false;
  // The same name again, as in a list of renamed files.
  const whole = nameBefore(text, nameStart + name.length);
  if (whole.length > 6 && value.toLowerCase().startsWith(whole.toLowerCase())) return false;
  const kind: NameKind = /^(?:pass|pwd)/i.test(name) ? "password" : "token";
  const surroundings = surroundingsOf(candidate, tail);
  if (/^(?:passw|passcode|pwd)/i.test(name) && (quoted || surroundings !== "code") && isNumeric(value))
    return true;
  // Fields of a line, as in `name:uuid:type`.
  if (!quoted && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:/i.test(value)) return false;
  return (
    isSecretValue(value, kind, quoted, candidate.entropy, surroundings) ||
    isClearPassword(candidate, whole + tail, quoted, surroundings)
  );
}

/** A value of letters behind a name that is a password's and nothing else, where no code stands. */
function isClearPassword(
  { value, text, start, end }: Candidate,
  name: string,
  quoted: boolean,
  surroundings: Surroundings,
): boolean {
  if (!quoted && surroundings !== "line") return false;
  if (
    kindOfName(name) !== "password" ||
    isPlaceholder(value) ||
    !/^["']?[ \t]*(?:[,;)\]}#\r\n]|$)/.test(text.slice(end, end + 40))
  )
    return false;
  // The last member of an object in code ends without a comma, too.
  const isSetting = quoted || !/^\s*[)\]}]/.test(text.slice(end, end + 80));
  return (
    (isSetting && value.length >= 6 && isPasswordOfLetters(value)) || isPasswordBesideUser(text, start, end)
  );
}

/** The same for names that are known by their last words alone: `OPENAI_KEY`, `serviceKey`, `GH_PAT`, `ROOT_PW`. */
export function isSecretByParts(candidate: Candidate): boolean {
  const { value, match, text, end } = candidate;
  const groups = match.groups ?? {};
  const span = match.indices?.groups?.["name"];
  const name = nameBefore(text, span?.[1] ?? match.index);
  const kind = kindOfName(name);
  if (kind === undefined) return false;
  const quoted = groups["bare"] === undefined;
  if (isCutOff(text, end, quoted)) return false;
  const surroundings = surroundingsOf(candidate, "");
  if (kind === "password" && (quoted || surroundings === "line") && isNumeric(value)) return true;
  return (
    isSecretValue(value, kind, quoted, candidate.entropy, surroundings) ||
    isClearPassword(candidate, name, quoted, surroundings)
  );
}

/** The same for a value that stands beside its name instead of after it. */
export function isNamedSecret(candidate: Candidate): boolean {
  const groups = candidate.match.groups ?? {};
  if (ABOUT.test(groups["tail"] ?? "")) return false;
  const name = groups["name"];
  const kind: NameKind = name === undefined || /^(?:pass|pwd)/i.test(name) ? "password" : "token";
  // Without a name, as in SQL, the place holds nothing but a password.
  const surroundings = name === undefined ? "env" : "data";
  if (name === undefined && isNumeric(candidate.value)) return true;
  return isSecretValue(candidate.value, kind, true, candidate.entropy, surroundings);
}

/** The same where only words or blanks stand between name and value: it has to look drawn at random by itself. */
export function isWordedSecret(candidate: Candidate): boolean {
  const value = candidate.value.replace(/[.:!?]+$/, "");
  return looksDrawn(value) && isNamedSecret({ ...candidate, value });
}

/** A value that stands apart from a name of which only the kind is known: a cell of a table, a member of an object. */
export function isSecretApart(value: string, kind: NameKind, entropy: number): boolean {
  return (
    isSecretValue(value, kind, true, entropy, "data") ||
    (kind === "password" && value.length >= 6 && !isPlaceholder(value) && isPasswordOfLetters(value))
  );
}

/** Letters and digits mixed, or long without a word; no path, no option, no short number in hexadecimal. */
export function looksDrawn(value: string): boolean {
  if (/^[A-Za-z0-9+/]{40,}={0,2}$/.test(value) && /\d/.test(value) && !isWordy(value)) return true;
  if (!/[A-Za-z]/.test(value) || /^(?:\/|[\w.-]+\/|--?|0x)/.test(value)) return false;
  if (!/\d/.test(value))
    return value.length >= 16 && /[a-z][A-Z]/.test(value) && (!isWordy(value) || isUnspeakable(value));
  return !/^[\da-f]+$/i.test(value) || value.length >= 32;
}

/** A call, an index, a template or another assignment follows, or the value begins a sentence. */
function isCutOff(text: string, end: number, quoted: boolean): boolean {
  const next = text.slice(end, end + 4);
  return quoted ? /^[ \t][A-Za-z]/.test(next) : /^[([{<]|^[ \t]=[ \t]/.test(next);
}

function isSecretValue(
  raw: string,
  kind: NameKind,
  quoted: boolean,
  leastEntropy: number,
  surroundings: Surroundings,
): boolean {
  const isPassword = kind === "password";
  const value = raw.replace(/[,;]+$/, "");
  if (value.length < (isPassword ? 6 : kind === "key" ? 16 : 8)) return false;
  if (isPlaceholder(value) || DIGEST.test(value) || PUBLIC_KEY.test(value)) return false;
  if (UUID.test(value)) return kind !== "key" || surroundings === "env";
  if (/^[\d.,:_/-]+$/.test(value)) return false;
  if (!/[A-Za-z0-9]/.test(value)) return false;
  if (!quoted && CODE.test(value) && (isWordy(value) || isChain(value))) return false;
  if (
    /^https?:\/\//.test(value) ||
    (/^(?:\.{0,2}|~)\/[\w.-]+(?:\/[\w.-]+)*$/.test(value) && !/[A-Za-z]\d[A-Za-z]\d/.test(value))
  )
    return false;
  // Calls, statements and regular expressions.
  if (/^\w+\(|\(\)|\)[;{]|^[-=]{2,}|\\[wWdDsSbB]/.test(value)) return false;
  if (value.endsWith("+") && value.length < 32) return false;
  if (kind === "key" && !isKeyValue(value)) return false;
  const isTyped = surroundings === "env" || surroundings === "line";
  const most = Math.log2(value.length) - (isPassword ? (isTyped ? 1.6 : 0.9) : 0);
  if (entropyOf(value) < Math.min(leastEntropy, most)) return false;
  if (!isWordy(value) || (isPassword && isShuffled(value))) return true;
  if ((quoted || surroundings !== "code") && isUnspeakable(value)) return true;
  return isPassword && isTypedPassword(value, surroundings);
}

/** A number that a person chose as a password; six digits are the least that a program takes. */
export function isNumeric(value: string): boolean {
  return /^\d{6,12}$/.test(value) && !/^(\d)\1+$/.test(value) && !isPlaceholder(value);
}

/** Capitals, small letters and digits that change oftener than in a name. */
function isShuffled(value: string): boolean {
  if (!/^[A-Za-z0-9]{10,64}$/.test(value) || !/\d/.test(value)) return false;
  const pieces = value.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Za-z])/);
  return pieces.length > 3 && value.length / pieces.length <= 3;
}

/** Names joined by dots, the first of them a word: `exports.Socks5Auth`, `this.state.lastTok`. */
function isChain(value: string): boolean {
  return (
    // A token of old Vault versions has a letter and a dot before it.
    !/^[sbr]\.[A-Za-z0-9]{24}$/.test(value) &&
    /^[A-Za-z_$][A-Za-z_$]*(?:\.[A-Za-z_$][\w$]{0,40})+$/.test(value) &&
    isWordy(value.slice(0, value.indexOf(".")))
  );
}

/** A key has no colon, slash or blank at its beginning, and letters and digits mixed: `products:list:12` has not. */
function isKeyValue(value: string): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/[:#|@]|\.[a-z]{2,5}$|-\d{4}-|\d{4}-\d\d-\d\d/.test(value)) return value.startsWith("base64:");
  return (
    partsOf(value).length < 3 ||
    (/^[A-Za-z0-9]+$/.test(value) && !isWordy(value)) ||
    !partsOf(value)
      .slice(0, 2)
      .every((part) => /^[a-z]{4,}$/.test(part))
  );
}
