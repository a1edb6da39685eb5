import type { Access } from "./model.js";

/**
 * A header of the patches of Codex and its relatives; agents take headers with blanks of any kind around them, in any case. Only
 * a line feed ends a line for them, so that a name may hold the other line ends of JavaScript.
 */
const HEADER =
  /(?<![^\n])(?:[^\S\n]|\x85)*\*\*\*[^\S\n]{1,8}(?:(Add|Update|Delete) File|Move to) ?:([^\n]*)/gi;
const UNIFIED = /(?<![^\n])(?:--- ([^\n]*)\n\+\+\+ ([^\n]*)|(rename|copy) (from|to) ([^\n]*))/g;
const QUOTED = /^"((?:[^"\\]|\\.)*)"/;

/** True for a text that holds a patch as `apply_patch` takes it, also within a shell command. */
export const holdsPatch = (text: string): boolean => text.includes("*** Begin Patch");

/** The files that a patch changes: one of `apply_patch`, or a unified diff. Takes a time linear in the text. */
export function patchedFiles(text: string): Access[] {
  const files: Access[] = [];
  for (const [, action, path = ""] of text.matchAll(HEADER))
    files.push({ operation: action?.toLowerCase() === "delete" ? "delete" : "write", text: path.trim() });
  for (const [, before, after, verb, end, named] of text.matchAll(UNIFIED)) {
    if (named !== undefined) {
      const reads = verb === "copy" ? "read" : "delete";
      files.push({ operation: end === "to" ? "write" : reads, text: unquoted(named.trimEnd()) });
      continue;
    }
    const [old, now] = [diffPath(before ?? ""), diffPath(after ?? "")];
    if (now === undefined && old !== undefined) files.push({ operation: "delete", text: old });
    if (now !== undefined) files.push({ operation: "write", text: now });
    if (now !== undefined && old !== undefined && old !== now) files.push({ operation: "write", text: old });
  }
  return files;
}

function diffPath(text: string): string | undefined {
  const path = unquoted(text.replace(/\t.*$/s, "").trimEnd());
  return path === "/dev/null" ? undefined : path.replace(/^[abciwo]\/(?=.)/, "");
}

/** A name as git quotes it: octal escapes are bytes. */
function unquoted(text: string): string {
  const inner = QUOTED.exec(text)?.[1];
  if (inner === undefined) return text;
  const bytes = Buffer.from(
    inner.replace(/\\([0-7]{3}|.)/gs, (_, escape: string) =>
      escape.length === 3
        ? String.fromCharCode(Number.parseInt(escape, 8) & 0xff)
        : (ESCAPES[escape] ?? escape),
    ),
    "latin1",
  );
  return /[^\0-\u{ff}]/u.test(inner) ? inner : bytes.toString("utf8");
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
