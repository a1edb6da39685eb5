import { findSecrets, type Finding, type FindOptions } from "./find.js";
import { isWordy } from "./wordy.js";
import type { Rule } from "./rules/rule.js";

/** The beginning of a line that may go on with a token. */
const NEXT = /^[ \t>|│┃]{0,16}(?:(?:[+.&~]|\.\.|\|\|)[ \t]{0,4}(?=["'`]))?["'`]?[A-Za-z0-9_+/-]/;
/** The end of a line that is no part of the text on it: quotes of texts that are put together, the side of a box. */
const BORDER =
  /(?:["'`][ \t]{0,8}(?:[+.&~|_\\]{1,2}[ \t]{1,8})?(?:[+.&~|_\\]{1,2}[ \t]{0,8})?|[ \t]{0,200}[|│┃])$/;
/** Last characters of such an end. */
const BORDERS = new Set(['"', "'", "`", "+", ".", "&", "~", "_", "\\", " ", "|", "│", "┃"]);
/** Longest such end. */
const LONGEST_BORDER = 202;
/** Longest piece of a token on one line, and lines that a token is broken into. */
const LONGEST_PIECE = 256;
const MOST_LINES = 8;
/** Shortest line that a terminal or a mail breaks. */
const FULL_LINE = 60;
/** Breaks after a beginning that are looked at in one text. */
const MOST_BREAKS = 2_000;

/** Beginnings that nothing but a token has: three characters or more that end in a separator. */
function beginningsOf(rules: readonly Rule[]): RegExp | undefined {
  const words = new Set(
    rules.flatMap((rule) => rule.keywords.filter((word) => /^[a-z][a-z0-9_.-]{1,24}[_-]$/.test(word))),
  );
  if (words.size === 0) return undefined;
  return new RegExp(
    `(?:${[...words].map((word) => word.replaceAll(".", "\\.")).join("|")})[A-Za-z0-9_.+/-]*$`,
    "i",
  );
}

const known = new WeakMap<readonly Rule[], { begins: RegExp | undefined; rules: readonly Rule[] }>();

/** Tokens with a public beginning that a line break cuts in two, as a narrow terminal or a mail does. */
export function findWrapped(text: string, options: FindOptions): Finding[] {
  let of = known.get(options.rules);
  if (of === undefined) {
    const rules = options.rules.filter(
      (rule) =>
        "pattern" in rule && rule.keywords.length > 0 && rule.keywords.every((word) => /[_-]$/.test(word)),
    );
    of = { begins: beginningsOf(rules), rules };
    known.set(options.rules, of);
  }
  const { begins, rules } = of;
  const found: Finding[] = [];
  if (begins === undefined) return found;
  let breaks = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    const end = endOfPiece(text, at);
    const tail = tailBefore(text, end);
    if (tail.length < 4 || !NEXT.test(text.slice(at + 1, at + 26)) || !begins.test(tail)) continue;
    breaks += 1;
    if (breaks > MOST_BREAKS) break;
    // A token that is whole on its line goes on only where the line is full and the next one holds no word.
    const isWhole = findSecrets(tail, { ...options, rules }).some((finding) => finding.end === tail.length);
    if (isWhole && !goesOn(text, at)) continue;
    const start = end - tail.length;
    const { joined, ends } = join(text, start, end);
    for (const finding of findSecrets(joined, { ...options, rules })) {
      if (finding.start >= tail.length || finding.end <= tail.length) continue;
      const last = ends.findLast((piece) => piece.joined < finding.end) ?? { joined: 0, text: start };
      const rank = options.rules.indexOf(finding.rule);
      found.push({
        ...finding,
        rank,
        start: start + finding.start,
        end: last.text + finding.end - last.joined,
      });
    }
  }
  return found;
}

/** The end of a line without what a shell, a mail or Windows puts before its break. */
function endOfPiece(text: string, at: number): number {
  const end = text[at - 1] === "\r" ? at - 1 : at;
  const last = text[end - 1] ?? "";
  if (BORDERS.has(last)) {
    const near = text.slice(Math.max(0, end - LONGEST_BORDER), end);
    const border = BORDER.exec(near);
    if (border) return end - near.length + border.index;
  }
  return last === "=" || last === "\\" ? end - 1 : end;
}

/** The characters of a token before a place; empty when none of them parts a beginning from the rest. */
function tailBefore(text: string, end: number): string {
  let start = end;
  let parted = false;
  while (start > 0 && end - start < LONGEST_PIECE && isTokenCode(text.charCodeAt(start - 1))) {
    start -= 1;
    parted ||= text[start] === "_" || text[start] === "-";
  }
  return parted ? text.slice(start, end) : "";
}

function isTokenCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    (code >= 0x2b && code <= 0x2f && code !== 0x2c)
  );
}

function goesOn(text: string, at: number): boolean {
  const line = at - (text.lastIndexOf("\n", at - 1) + 1);
  const next =
    /^[ \t>|│┃]{0,16}["'`]?([A-Za-z0-9_.+/-]{0,256})/.exec(text.slice(at + 1, at + 280))?.[1] ?? "";
  return (
    line >= FULL_LINE &&
    next.length >= 6 &&
    /\d/.test(next) &&
    !isWordy(next) &&
    !/^[A-Za-z]{2,8}[_-]/.test(next)
  );
}

/** The run of token characters from `start`, with the breaks after `firstEnd` left out, and where its pieces begin. */
function join(text: string, start: number, firstEnd: number) {
  let joined = text.slice(start, firstEnd);
  const ends = [{ joined: 0, text: start }];
  const next =
    /(?:[=\\]|["'`][ \t]{0,8}(?:[+.&~|_\\]{1,2}[ \t]{1,8})?(?:[+.&~|_\\]{1,2}[ \t]{0,8})?|[ \t]{0,200}[|│┃])?\r?\n[ \t>|│┃]{0,16}(?:(?:[+.&~]|\.\.|\|\|)[ \t]{0,4}(?=["'`]))?["'`]?([A-Za-z0-9_.+/-]{1,256})/y;
  next.lastIndex = firstEnd;
  for (let lines = 1; lines < MOST_LINES; lines += 1) {
    const match = next.exec(text);
    if (match === null) break;
    const piece = match[1] ?? "";
    ends.push({ joined: joined.length, text: match.index + match[0].length - piece.length });
    joined += piece;
  }
  return { joined, ends };
}
