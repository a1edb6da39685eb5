import { findSecrets, type Finding, type FindOptions } from "./find.js";

/** `key: base64` of a YAML or JSON document. */
const PAIR = /^[ \t+-]{0,24}"?([A-Za-z0-9_.-]{1,80})"?:[ \t]{1,8}"?([A-Za-z0-9+/]{8,}={0,2})"?,?[ \t]*$/dgm;

/**
 * Values in the `data` of Kubernetes Secrets: base64 that decodes to a secret, by itself or together with its key.
 * Looks one level deep, and only in texts that hold a Secret: base64 elsewhere is left alone.
 */
export function findEncodedSecrets(text: string, options: FindOptions): Finding[] {
  if (!/kind"?:\s{0,4}"?Secret\b/.test(text)) return [];
  const found: Finding[] = [];
  for (const match of text.matchAll(PAIR)) {
    const [, key = "", value = ""] = match;
    const span = match.indices?.[2];
    const decoded = decode(value);
    if (span === undefined || decoded === undefined) continue;
    const inside = [...findSecrets(decoded, options), ...findSecrets(`${key}=${decoded}`, options)];
    const first = inside.toSorted((a, b) => a.rank - b.rank)[0];
    if (first !== undefined) found.push({ start: span[0], end: span[1], rule: first.rule, rank: first.rank });
  }
  return found;
}

/** Text only: nothing is looked for in decoded binary. */
function decode(base64: string): string | undefined {
  if (base64.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(base64, "base64");
  const text = bytes.toString("utf8");
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : undefined;
}
