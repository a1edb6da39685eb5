import { findSecrets, type Finding, type FindOptions } from "./find.js";

/** `key: base64` of a YAML or JSON document. */
const PAIR = /^[ \t+-]{0,24}"?([A-Za-z0-9_.-]{1,80})"?:[ \t]{1,8}"?([A-Za-z0-9+/]{8,}={0,2})"?,?[ \t]*$/dgm;
/** A run of base64, of either alphabet, that may go on in the next lines. */
const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}(?:\r?\n[ \t]{0,16}[A-Za-z0-9+/_-]{20,})*={0,2}/g;

/** Runs that are decoded in one text, and characters of one that are. */
const MOST_RUNS = 2_000;
const LONGEST_RUN = 65_536;
/** Characters of all decoded texts together. */
const MOST_DECODED = 1_048_576;

/**
 * Base64 that decodes to text with a secret in it, one level deep: anywhere, and in the `data` of Kubernetes Secrets also
 * together with its key.
 */
export function findEncodedSecrets(text: string, options: FindOptions): Finding[] {
  const found = /kind"?:\s{0,4}"?Secret\b/.test(text) ? inKubernetesSecrets(text, options) : [];
  let runs = 0;
  let left = MOST_DECODED;
  for (const match of text.matchAll(RUN)) {
    const run = match[0].slice(0, LONGEST_RUN);
    if (!beginsAsText(run)) continue;
    runs += 1;
    const decoded = decode(run.replaceAll(/\s+/g, ""));
    if (decoded === undefined) continue;
    left -= decoded.length;
    if (runs > MOST_RUNS || left < 0) break;
    const first = firstIn(findSecrets(decoded, options));
    if (first)
      found.push({
        start: match.index,
        end: match.index + match[0].length,
        rule: first.rule,
        rank: first.rank,
      });
  }
  return found;
}

function inKubernetesSecrets(text: string, options: FindOptions): Finding[] {
  const found: Finding[] = [];
  for (const match of text.matchAll(PAIR)) {
    const [, key = "", value = ""] = match;
    const span = match.indices?.[2];
    const decoded = decode(value);
    if (span === undefined || decoded === undefined) continue;
    const first = firstIn([...findSecrets(decoded, options), ...findSecrets(`${key}=${decoded}`, options)]);
    if (first) found.push({ start: span[0], end: span[1], rule: first.rule, rank: first.rank });
  }
  return found;
}

function firstIn(found: readonly Finding[]): Finding | undefined {
  return found.toSorted((a, b) => a.rank - b.rank)[0];
}

/** A cheap look: the first twelve bytes are printable. Random text, names and paths nearly never decode to that. */
function beginsAsText(run: string): boolean {
  // The first six bits of a printable character are none but these.
  if (!/^[I-Za-fCD]/.test(run) || !/[A-Z]/.test(run) || !/[a-z]/.test(run)) return false;
  const head = Buffer.from(run.slice(0, 16), "base64");
  return head.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09,
  );
}

/** Text only: nothing is looked for in decoded binary. What follows the last whole group of four is left out. */
function decode(base64: string): string | undefined {
  const text = Buffer.from(base64, "base64").toString("utf8");
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : undefined;
}
