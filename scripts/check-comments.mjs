// Fails on comments of packages/host/src that a reader who arrives cold has to decode: see CONTRIBUTING.md, "Comments".
// usage: node scripts/check-comments.mjs [folder or file]...
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MOST_LINES = 2;
const WORDS = "What|Who|Whose|Whether|Why|How|That|Those|Which";
const BARE = new RegExp(`^(?:${WORDS})\\b`);

/**
 * The comments of a TypeScript text, as {line, text, kind}. Strings, templates and regular expressions hold none.
 * @param {string} source
 */
function commentsOf(source) {
  const found = [];
  let line = 1;
  let at = 0;
  /** Templates that are open, each with the depth of braces inside of its current ${}. */
  const templates = [];
  let before = "";
  const take = (length) => {
    for (let end = at + length; at < end; at += 1) if (source[at] === "\n") line += 1;
  };
  const template = () => {
    while (at < source.length) {
      if (source[at] === "\\") take(2);
      else if (source.startsWith("${", at)) {
        templates.push(0);
        return take(2);
      } else if (source[at] === "`") return take(1);
      else take(1);
    }
  };
  while (at < source.length) {
    const char = source[at];
    if (source.startsWith("//", at)) {
      const end = (source.indexOf("\n", at) + 1 || source.length + 1) - 1;
      const own = source.slice(source.lastIndexOf("\n", at) + 1, at).trim() === "";
      found.push({ kind: "line", line, own, text: source.slice(at + 2, end).trim() });
      take(end - at);
    } else if (source.startsWith("/*", at)) {
      const end = source.indexOf("*/", at + 2);
      const length = (end < 0 ? source.length : end + 2) - at;
      const text = source.slice(at + 2, at + length - 2).replace(/^[\s*]+/, "");
      found.push({ kind: "block", line, own: true, text: text.trim() });
      take(length);
    } else if (char === "'" || char === '"') {
      const text = /^(['"])(?:\\[\s\S]|(?!\1)[^\\\n])*\1?/.exec(source.slice(at))?.[0] ?? char;
      before = "x";
      take(text.length);
    } else if (char === "`") {
      take(1);
      template();
      before = "x";
    } else if (
      char === "/" &&
      (before === "" || /[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of)$/.test(before))
    ) {
      const text = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/.exec(source.slice(at))?.[0] ?? char;
      before = "x";
      take(text.length);
    } else if (/[\w$]/.test(char)) {
      const word = /^[\w$]+/.exec(source.slice(at))?.[0] ?? char;
      before = word;
      take(word.length);
    } else {
      if (templates.length > 0 && char === "{") templates[templates.length - 1] += 1;
      if (templates.length > 0 && char === "}") {
        if (templates[templates.length - 1] === 0) {
          templates.pop();
          take(1);
          template();
          before = "x";
          continue;
        }
        templates[templates.length - 1] -= 1;
      }
      if (char.trim() !== "") before = char;
      take(1);
    }
  }
  return found;
}

/**
 * Complaints about the comments of one text, as "line: complaint".
 * @param {string} source
 */
function complaintsOf(source) {
  const complaints = [];
  let previous = -1;
  let run = 0;
  for (const { kind, line, own, text } of commentsOf(source)) {
    const follows = kind === "line" && own && line === previous + 1 && run > 0;
    run = kind === "line" && own ? (follows ? run + 1 : 1) : 0;
    previous = line;
    const word = BARE.exec(text)?.[0];
    if (word !== undefined && !follows)
      complaints.push(`${line}: opens with a bare "${word}": name the subject`);
    if (run === MOST_LINES + 1)
      complaints.push(`${line}: more than ${MOST_LINES} lines of comment in a row inside code`);
  }
  return complaints;
}

function filesBelow(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith(".ts"))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}

const named = process.argv.slice(2);
const files = (named.length > 0 ? named : [join(ROOT, "packages/host/src")]).flatMap(filesBelow);
const all = files.flatMap((file) =>
  complaintsOf(readFileSync(file, "utf8")).map((one) => `${relative(process.cwd(), file)}:${one}`),
);
for (const one of all) console.error(one);
if (all.length > 0) {
  console.error(
    `${all.length} comments in ${files.length} files are not plain. See CONTRIBUTING.md, "Comments".`,
  );
  process.exitCode = 1;
}
