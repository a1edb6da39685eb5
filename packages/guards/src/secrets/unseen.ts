import { findSecrets, type Finding, type FindOptions } from "./find.js";

/**
 * Characters that no screen shows: zero-width ones, soft hyphens, marks of direction, NUL, and the colours that `grep` puts
 * into the middle of a match.
 */
const UNSEEN = new RegExp(
  [
    String.raw`\0|\xAD|\u034F|\u061C|\u180E|[\u200B-\u200F]|[\u202A-\u202E]|[\u2060-\u2064]|[\u2066-\u2069]|[\uFE00-\uFE0F]|\uFEFF`,
    String.raw`\x1b\[[0-9;]{0,16}[mK]`,
  ].join("|"),
  "g",
);

/** Secrets that characters which no screen shows break into pieces. */
export function findUnseen(text: string, options: FindOptions): Finding[] {
  let plain = "";
  let at = 0;
  /** Where the pieces of the plain text begin, there and in the text. */
  const pieces: { plain: number; text: number }[] = [];
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > at) {
      pieces.push({ plain: plain.length, text: at });
      plain += text.slice(at, match.index);
    }
    at = match.index + match[0].length;
  }
  if (at === 0) return [];
  pieces.push({ plain: plain.length, text: at });
  plain += text.slice(at);
  const place = placesIn(pieces);
  return findSecrets(plain, options).map((finding) => {
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
