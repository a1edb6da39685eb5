import { entropyOf } from "./entropy.js";
import { isPlaceholder } from "./placeholder.js";
import type { Candidate } from "./rules/rule.js";
import { isWordy } from "./wordy.js";

/** Ends of names that speak about a secret instead of holding it: `token_type`, `passwordHash`, `secret.name`. */
const ABOUT =
  /(?:types?|names?|ids?|ur[il]s?|path|files?|filename|dir|len|length|size|count|counts|limit|limits|ttl|exp|expir[a-z]*|at|age|version|policy|hash|hashes|sha\d*|md5|digest|checksum|fingerprint|algorithm|alg|format|fields?|label|hint|help|text|desc|description|title|message|error|prefix|suffix|regexp?|pattern|required|enabled|disabled|valid[a-z]*|status|state|strength|min|max|usage|used|refs?|arn|env|vars?|store|manager|provider|class|index|idx|pos|offset|kind|scopes?|endpoint|issuer|audience|list|map|set|reset|i[sz]er|i[sz]ed?|ing|s|column|param|params|parameter|header|input|placeholder|rotation|source|mode|method|engine|backend|driver|module|package|import|template|schema|model|service|server|host|port|selector|annotation|created|updated|date|time|timestamp|cache|salt|bytes|bits|stream|iterator|literal|value_?from)$/i;

/** Beginnings of names whose tokens are positions, not credentials. */
const POSITION =
  /(?<![a-z])(?:next|page|continuation|cursor|sync|cancell?(?:ation)?|paging|pagination|has|is|no|num|max|min|get|total|input|output|public|completion|prompt|syntax|unexpected|invalid|bad)[_.-]?$/i;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DIGEST = /^(?:sha(?:1|256|384|512)|md5)[-:]/i;
const CODE =
  /^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+|^[\w$.]+\(|^[\w$.]+\[|=>|^\/\^|^https?:\/\//;

/** Whether a value assigned to a promising name is a secret rather than code, a name, a hash or a stand-in. */
export function isAssignedSecret(candidate: Candidate): boolean {
  const { value, match, text, end } = candidate;
  const groups = match.groups ?? {};
  const name = groups["name"] ?? "";
  const tail = groups["tail"] ?? "";
  if (tail !== "" && ABOUT.test(tail)) return false;
  // An ARN names a secret: `arn:aws:secretsmanager:region:account:secret:name`.
  if (/:\d{12}:$/.test(text.slice(Math.max(0, match.index - 14), match.index))) return false;
  if (POSITION.test(text.slice(Math.max(0, match.index - 16), match.index))) return false;
  const quoted = groups["bare"] === undefined;
  // A call, an index or a template follows: this is code that fetches the value.
  if (!quoted && /^[([{<]/.test(text.slice(end, end + 1))) return false;
  // The beginning of a sentence.
  if (quoted && /^[ \t][A-Za-z]/.test(text.slice(end, end + 2))) return false;
  return isSecretValue(value, name, quoted, candidate.entropy);
}

/** The same for a value that stands beside its name instead of after it. */
export function isNamedSecret(candidate: Candidate): boolean {
  const groups = candidate.match.groups ?? {};
  if (ABOUT.test(groups["tail"] ?? "")) return false;
  return isSecretValue(candidate.value, groups["name"] ?? "", true, candidate.entropy);
}

/** The same where only words or blanks stand between name and value: it has to look drawn at random by itself. */
export function isWordedSecret(candidate: Candidate): boolean {
  const value = candidate.value.replace(/[.:!?]+$/, "");
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || /^(?:\/|[\w.-]+\/|--?|0x)/.test(value)) return false;
  if (/^[\da-f]+$/i.test(value) && value.length < 32) return false;
  return isNamedSecret({ ...candidate, value });
}

function isSecretValue(raw: string, name: string, quoted: boolean, leastEntropy: number): boolean {
  const isPassword = /^(?:pass|pwd)/i.test(name);
  const value = raw.replace(/[,;]+$/, "");
  if (value.length < (isPassword ? 6 : 8)) return false;
  if (isPlaceholder(value) || DIGEST.test(value)) return false;
  // A UUID mostly names something; only a password or an environment variable holds one as its secret.
  if (UUID.test(value)) return isPassword || name === name.toUpperCase();
  if (/^[\d.,:_/-]+$/.test(value)) return false;
  if (!/[A-Za-z0-9]/.test(value)) return false;
  if (!quoted && CODE.test(value) && isWordy(value)) return false;
  if (
    /^https?:\/\//.test(value) ||
    (/^(?:\.{0,2}|~)\/[\w.-]+(?:\/[\w.-]+)*$/.test(value) && !/[A-Za-z]\d[A-Za-z]\d/.test(value))
  )
    return false;
  // Calls, statements and regular expressions.
  if (/^\w+\(|\(\)|\)[;{]|\+$|^[-=]{2,}|\\[wWdDsSbB]/.test(value)) return false;
  if (entropyOf(value) < Math.min(leastEntropy, Math.log2(value.length))) return false;
  return !isWordy(value) || (isPassword && isWeakPassword(value));
}

/** Words that a person made into a password: a word with two or more digits, or with punctuation that names lack. */
function isWeakPassword(value: string): boolean {
  if (/pass|pwd|secret|token|user|login|auth|key|field|input/i.test(value)) return false;
  return /^[A-Za-z]{3,}\d{2,}$/.test(value) || (/[!@#$%^&*+?~]/.test(value) && /\d/.test(value));
}
