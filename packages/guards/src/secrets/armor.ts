import type { Span } from "./rules/rule.js";

/** Longest private key block looked at: an RSA key of 16,384 bits takes 13 KiB. */
const LONGEST = 65_536;

/** Headers that stand between the first line and the key itself. */
const HEADER = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|X-[A-Za-z-]+|Subject): /;

/**
 * Where a private key block ends whose first line ends at `from`; -1 when no key follows, as in code that only
 * names the markers. A block without its last line, as `head` prints it, ends where its base64 lines end.
 */
export function endOfArmor(text: string, from: number): number {
  const marker = /-{4,5} ?END [A-Z0-9 ]{0,50}-{4,5}/y;
  const dashes = text.indexOf("----", from);
  if (dashes !== -1 && dashes - from <= LONGEST) {
    // In a diff the last line may have one more dash in front.
    for (const start of [dashes, dashes + 1]) {
      marker.lastIndex = start;
      if (marker.test(text)) return hasKey(text.slice(from, dashes)) ? marker.lastIndex : -1;
    }
  }
  return endOfLines(text, from);
}

function hasKey(body: string): boolean {
  return /[A-Za-z0-9+/]{32}/.test(body);
}

/** Walks over lines of base64, real or escaped, whatever a diff, a quote or a line number puts before them. */
function endOfLines(text: string, from: number): number {
  const breaks = /\r?\n|(?:\\r)?\\n|$/g;
  let end = -1;
  let at = from;
  let width = 0;
  while (at < text.length && at - from <= LONGEST) {
    breaks.lastIndex = at;
    const found = breaks.exec(text);
    const lineEnd = found?.index ?? text.length;
    const line = text.slice(at, Math.min(lineEnd, at + 200));
    const core = line.replace(/^[+-]?[\s>|"']*(?:\d+[\s:|-]+)?/, "").replace(/["',;\s\\]*$/, "");
    const isWord = /^[A-Za-z]?[a-z]{1,14}$/.test(core);
    if (/^[A-Za-z0-9+/=]{1,80}$/.test(core) && !isWord && (end !== -1 || core.length >= 16)) {
      end = at + line.replace(/["',;\s]*$/, "").length;
      // Only the last line of a block is shorter; a sign of base64 may have been taken for one of a diff.
      if (core.length < width - 2) break;
      width = core.length;
    } else if (core !== "" && !HEADER.test(core)) break;
    at = lineEnd + Math.max(1, found?.[0].length ?? 1);
  }
  return end;
}

/** Longest line of a block, and what stands between two of them: a break, a quote, the sign of a diff. */
const LONGEST_LINE = 200;
const LONGEST_BREAK = 24;
/** Ends looked at in one text. */
const MOST_ENDS = 2_000;

/** Blocks without their first line, as `tail` prints them: the base64 lines before each last line of a private key. */
export function findHeadless(text: string): Span[] {
  const found: Span[] = [];
  let ends = 0;
  for (const match of text.matchAll(/-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g)) {
    ends += 1;
    if (ends > MOST_ENDS) break;
    const start = startOfLines(text, match.index);
    if (start !== -1) found.push({ start, end: match.index + match[0].length });
  }
  return found;
}

/** Walks back over lines of base64, real or escaped. -1 when fewer than 40 characters of a key stand there. */
function startOfLines(text: string, from: number): number {
  let start = from;
  let letters = 0;
  while (from - start <= LONGEST) {
    const near = text.slice(Math.max(0, start - LONGEST_BREAK), start);
    const end = start - (/(?:\\[nr]|[\s"',>|]|(?<=\n)[+-])*$/.exec(near)?.[0].length ?? 0);
    let at = end;
    while (at > 0 && end - at < LONGEST_LINE && /[A-Za-z0-9+/=]/.test(text[at - 1] ?? "")) at -= 1;
    // The letter of an escaped line break is no part of the line after it.
    if (text[at - 1] === "\\") at += 1;
    // Only the last line of a block may be short.
    if (end - at < (letters === 0 ? 2 : 48) || end - at > 80) break;
    letters += end - at;
    start = at;
  }
  return letters >= 40 ? start : -1;
}
