import type { Program } from "./program-file.js";
import { lineWith, scriptOf } from "./script.js";

const USUAL = "Answer initialize first and do slow work later; stderr output counts as a sign of life.";
const BYTES = "Read as many bytes as the header says: no line end follows a message.";
const FLUSH_PYTHON = "Flush after each message: sys.stdout.buffer.flush(), or start it with python3 -u.";

/** A write to standard output that stays in the buffer of the process until somebody flushes it. */
const BUFFERED = /\bsys\.stdout\b.*\.write\(|\bprint\(/;

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
    const evidence = lineWith(script, program.cwd, /\breadline\b|\.cork\(/);
    return { hint: `${BYTES} ${USUAL}`, ...(evidence === undefined ? {} : { evidence }) };
  }
  return { hint: `${BYTES} Flush standard output after each message. ${USUAL}` };
}
