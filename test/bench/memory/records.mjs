// Writes files of made-up notes: words as skewed as in a language, two tags each, ten milliseconds apart.
import { closeSync, openSync, writeSync } from "node:fs";

export const START_MS = 1_700_000_000_000;
export const STEP_MS = 10;

const CONSONANTS = "bcdfghklmnprstvwz";
const VOWELS = "aeiou";

/** The same numbers on every machine. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function vocabulary() {
  const next = numbers(1);
  const pick = (letters) => letters[Math.floor(next() * letters.length)];
  const syllable = () => pick(CONSONANTS) + pick(VOWELS) + (next() < 0.4 ? pick(CONSONANTS) : "");
  return Array.from({ length: 5_000 }, () =>
    Array.from({ length: 1 + Math.floor(next() * 3) }, syllable).join(""),
  );
}

/** About 210 bytes a line. */
export function writeRecords(path, count, namespace) {
  const words = vocabulary();
  const next = numbers(2);
  const word = () => words[Math.floor(words.length * next() ** 3)];
  const file = openSync(path, "w");
  let lines = "";
  for (let n = 0; n < count; n += 1) {
    const content = Array.from({ length: 12 + Math.floor(next() * 16) }, word).join(" ");
    const tags = [`project:p${Math.floor(next() * 200)}`, `day:${Math.floor(n / 5_000)}`];
    // One note in ten thousand is about something that no other mentions.
    const text = n % 10_000 === 777 ? `${content} quetzal` : content;
    lines += `${JSON.stringify({ namespace, timestamp_ms: START_MS + n * STEP_MS, content: text, tags })}\n`;
    if (lines.length < 1_000_000 && n < count - 1) continue;
    writeSync(file, lines);
    lines = "";
  }
  closeSync(file);
}
