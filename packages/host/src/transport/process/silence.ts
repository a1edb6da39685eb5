import type { Program } from "./program-file.js";
import { lineWith, scriptOf } from "./script.js";

const USUAL = "Answer initialize first and do slow work later; stderr output counts as a sign of life.";
const BYTES = "Read as many bytes as the header says: no line end follows a message.";
const FLUSH_PYTHON = "Flush after each message: sys.stdout.buffer.flush(), or start it with python3 -u.";

/** A write to standard output that stays in the buffer of the process until somebody flushes it. */
const BUFFERED = /\bsys\.stdout\b.*\.write\(|\bprint\(/;

/** Reasons for silence in JavaScript that a line shows, the most telling first. */
const LIKELY: readonly (readonly [RegExp, string])[] = [
  [/\.cork\(/, "Output that is corked stays in the process: call uncork after each message."],
  [/\breadline\b/, BYTES],
  [/\bwhile\s*\(|\bfor\s*\(\s*;/, "A loop that does not end keeps it from answering: look for one."],
];

/** The likely reason of a process that lives and says nothing, from its script: a remedy, and the line to look at. */
export function silence(program: Program): { hint: string; evidence?: string } {
  const script = scriptOf(program);
  if (script?.language === "python" && !program.args.includes("-u")) {
    const flushes = script.lines.some((line) => /flush|write_through|os\.write\(/.test(line));
    const evidence = flushes ? undefined : lineWith(script, program.cwd, BUFFERED);
    if (evidence !== undefined) return { hint: `${FLUSH_PYTHON} ${BYTES} ${USUAL}`, evidence };
    return { hint: `${BYTES} ${FLUSH_PYTHON} ${USUAL}` };
  }
  if (script?.language === "javascript" || script?.language === "typescript") {
    for (const [pattern, why] of LIKELY) {
      const evidence = lineWith(script, program.cwd, pattern);
      if (evidence !== undefined) return { hint: `${why} ${USUAL}`, evidence };
    }
    return { hint: `${BYTES} ${USUAL}` };
  }
  return { hint: `${BYTES} Flush standard output after each message. ${USUAL}` };
}
