import { findSecrets, type Finding, type FindOptions } from "./find.js";

/**
 * Characters that no screen shows: zero-width ones, soft hyphens, marks of direction, NUL, the colours that `grep` puts
 * into the middle of a match, and what HTML writes for them.
 */
const UNSEEN = new RegExp(
  [
    String.raw`\0|\xAD|\u034F|\u061C|\u180E|[\u200B-\u200F]|[\u202A-\u202E]|[\u2060-\u2064]|[\u2066-\u2069]|[\uFE00-\uFE0F]|\uFEFF`,
    String.raw`\x1b\[[0-9;]{0,16}[mK]`,
    String.raw`<wbr ?/?>|&(?:shy|zwnj|zwj|ZeroWidthSpace|#8203|#x200[bB]|#173|#xad);`,
  ].join("|"),
  "g",
);

/** Characters around such a one that are looked at again: the rest of the text has been, as it is. */
const AROUND = 2_048;

/** Secrets that characters which no screen shows break into pieces. */
export function findUnseen(text: string, options: FindOptions): Finding[] {
  const found: Finding[] = [];
  let start = -1;
  let end = -1;
  for (const match of text.matchAll(UNSEEN)) {
    if (start === -1) start = Math.max(0, match.index - AROUND);
    else if (match.index - AROUND > end) {
      found.push(...findWithin(text, start, end, options));
      start = match.index - AROUND;
    }
    end = Math.min(text.length, match.index + match[0].length + AROUND);
  }
  if (start !== -1) found.push(...findWithin(text, start, end, options));
  return found;
}

/** The same for a part of the text. */
function findWithin(text: string, from: number, to: number, options: FindOptions): Finding[] {
  const part = text.slice(from, to);
  let plain = "";
  let at = 0;
  /** Where the pieces of the plain text begin, there and in the text. */
  const pieces: { plain: number; text: number }[] = [];
  for (const match of part.matchAll(UNSEEN)) {
    if (match.index > at) {
      pieces.push({ plain: plain.length, text: from + at });
      plain += part.slice(at, match.index);
    }
    at = match.index + match[0].length;
  }
  pieces.push({ plain: plain.length, text: from + at });
  plain += part.slice(at);
  const place = placesIn(pieces);
  return findSecrets(plain, options).flatMap((finding) => {
    // What begins where the part was cut may begin elsewhere; it has been found as it is, if it is one.
    if (finding.start === 0 && from > 0) return [];
    return { ...finding, start: place(finding.start), end: place(finding.end - 1) + 1 };
  });
}

/** Turns a place in the plain text into one in the text, by halving. */
function placesIn(pieces: readonly { plain: number; text: number }[]): (place: number) => number {
  return (place) => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle]?.plain ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low] ?? { plain: 0, text: 0 };
    return piece.text + place - piece.plain;
  };
}
