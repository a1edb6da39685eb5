import { nameBefore, partsOf } from "./names.js";
import type { Candidate } from "./rules/rule.js";

/**
 * Place of a name and its value: `NAME=value` of an environment, alone on its line without quotes as in YAML or INI, data
 * that a program printed, or code.
 */
export type Surroundings = "env" | "line" | "data" | "code";

const ENV_NAME = /^[A-Z][A-Z0-9_]*$/;

/** Finds the surroundings from what stands around the match of a rule with the groups `name`, `tail` and a value. */
export function surroundingsOf({ text, start, end, match }: Candidate, tail: string): Surroundings {
  const nameEnd = (match.indices?.groups?.["name"]?.[1] ?? match.index) + tail.length;
  const name = nameBefore(text, nameEnd);
  const sign = text.slice(nameEnd, start);
  const before = text.slice(Math.max(0, nameEnd - name.length - 120), nameEnd - name.length);
  if (ENV_NAME.test(name) && /^=["']?$/.test(sign) && /(?:^|[\s"';|(&:])$/.test(before)) return "env";
  // The environment of a container: `MYSQL_ROOT_PASSWORD: value`.
  if (/^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name) && /^:[ \t]+$/.test(sign) && /(?:^|\n)[ \t]+$/.test(before))
    return "env";
  // A test that passed: `PASS: net-a-b`.
  if (/["'`]/.test(sign) || (/^pass$/i.test(name) && sign.startsWith(":"))) return "code";
  const after = /^[ \t]*(?:\r?\n|$|#)/.test(text.slice(end, end + 40));
  return after &&
    /(?:^|\n)(?:[^\s:]{1,100}:)?[ \t+>-]{0,24}(?:\d{1,5}[:\t-][ \t]{0,24})?(?:export )?$/.test(before)
    ? "line"
    : "code";
}

/** Words of code that names a value instead of holding it. */
const CODE_WORDS =
  /^(?:pass(?:w.*)?|.*password|pwd|secrets?|tokens?|users?(?:name)?|log(?:in|on)|auth|keys?|fields?|inputs?)\d{0,2}$/;

/** A value of ordinary words that a person made into a password, as far as the surroundings let one tell. */
export function isTypedPassword(value: string, surroundings: Surroundings): boolean {
  if (surroundings === "env") return !/^[.~]?\/|^[a-z]+:|^\w+\.\w+\(|^\d+$/.test(value);
  if (partsOf(value).some((part) => CODE_WORDS.test(part))) return false;
  if (/^[A-Za-z]{3,}\d{2,}$/.test(value) || (/[!@#$%^&*+?~]/.test(value) && /\d/.test(value))) return true;
  const parts = value.split(/[-_]/);
  if (parts.length >= 3 && /\d{2,}/.test(value) && !/\d{4}-\d\d-\d\d|^v?\d/.test(value)) return true;
  return (
    surroundings === "line" && parts.length >= 3 && parts.every((part) => /^[A-Za-z]{3,}\d{0,2}$/.test(part))
  );
}

/** Parts of a value that speaks about a password: labels, names of fields and methods, in the languages that programs are translated to. */
const ABOUT_PASSWORDS =
  /^(?:pass(?:w.*|e|phrases?)?|.*(?:password|wort|woord)|pwd|kenn\w*|contrase.*|senhas?|clave|has[lł].*|hesl.*|secrets?|tokens?|users?(?:name)?|names?|log(?:in|on)|auth\w*|keys?|fields?|inputs?|text|string|str|type|label|placeholder|required|optional|valid\w*|confirm\w*|reset|change|forgot(?:ten)?|show|hide|hidden|hash(?:ed|er)?|bcrypt|argon|scrypt|crypt|encrypt\w*|decrypt\w*|plain|basic|error|message|missing|invalid|wrong|get|set|handle\w*|on|is|has|my|your|the|new|old|current|repeat|again|enter|cred\w*|account|control|component|icon|button|modal|dialog|form|config|settings?|prompt|env|vault|file|path|value|data|param\w*|options?|default|null|none|true|false|undefined|(?:n?var)?char\w*|array|bytes?|buffer|list|map|any|column|schema|secure|generate\w*|random|boolean|number|object|salasana\w*|lozink\w*|parol\w*|sandi|kode|jelsz\w*|geslo)\d{0,2}$/i;

/** True for a word of a label, a field or code, as a heading may also have below it. */
export function isAboutPasswords(value: string): boolean {
  return partsOf(value).some((part) => ABOUT_PASSWORDS.test(part));
}

/** Longest value that is taken for words. */
const LONGEST_WORDS = 64;

/**
 * True for a value of letters that stands in quotes, or in a cell, behind a name that is `password` itself: capitals within
 * it, or three words and more. A label, a field and a name of code are told by their words.
 */
export function isPasswordOfLetters(value: string): boolean {
  if (value.length > LONGEST_WORDS || !/^[A-Za-z]+(?:-[A-Za-z]+)*\d{0,4}$/.test(value)) return false;
  if (isAboutPasswords(value)) return false;
  return /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(value) || value.split("-").length > 2;
}

/** A name and a value of what is told together with a password: who logs in, and where. */
const BESIDE =
  /(?:^|[^A-Za-z])(?:user(?:[_-]?(?:name|id))?|login|host(?:name)?|e?mail|db(?:[_-]?name)?|database|benutzer(?:name)?|usuario|utilisateur|uid)["']?[ \t]{0,8}(?:=>|[:=])[ \t]{0,8}["']?[\w.@-]{2,}/i;

/** Characters around a value in which the user is looked for. */
const REACH = 160;

/** True for one word of small letters or one that begins with a capital, beside the user or the host that it belongs to. */
export function isPasswordBesideUser(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end);
  if (!/^[A-Za-z]{5,32}\d{0,4}$/.test(value) || new Set(value).size < 4 || isAboutPasswords(value))
    return false;
  return (
    BESIDE.test(text.slice(Math.max(0, start - REACH), start)) || BESIDE.test(text.slice(end, end + REACH))
  );
}
