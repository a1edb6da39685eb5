import { texts } from "./args.js";
import { INTERPRETERS, readInterpreter } from "./launch/interpreters.js";
import { joinWords, literal, type Field, type Value } from "./model.js";

/** Characters of a format or of code that are looked at, and texts of a program that count. */
const MAX_TEXT = 20_000;
const MAX_PRINTS = 32;
/** Stands for what a program fills in: a name that nobody can see. */
const ITEM = "$item";

/** Flags that take the format of what a program prints for each thing that it lists. */
const FORMATS: readonly (readonly [names: RegExp, flags: RegExp])[] = [
  [/^git$/, /^--(?:format|pretty)$/],
  [/^(?:docker|podman|nerdctl|crictl)$/, /^(?:-f|--format|--template)$/],
  [/^g?find$/, /^-printf$/],
  [/^g?stat$/, /^(?:-c|-f|--format|--printf)$/],
  [/^g?seq$/, /^(?:-f|--format)$/],
  [/^(?:dpkg-query|dpkg)$/, /^(?:-f|--showformat)$/],
  [/^rpm$/, /^(?:--qf|--queryformat)$/],
  [/^(?:kubectl|oc|k)$/, /^(?:-o|--output|--template)$/],
  [/^(?:gh|glab)$/, /^(?:-t|--template|-q|--jq)$/],
  [/^(?:systemctl|loginctl|journalctl|lsblk|ps)$/, /^--format$/],
];
/** What a format fills in: `%(refname)`, `%p`, `%-10s`, `{{.ID}}`, `{.metadata.name}`, `${Package}`, `\(.path)`. */
const FILLED =
  /%\([^)]{0,80}\)|%\{[^}]{0,80}\}|%[-+ 0-9.]{0,8}[a-zA-Z]{1,2}|\{\{[^}]{0,200}\}\}|\$\{[^}]{0,80}\}|\\\([^)]{0,200}\)|\{[.@$][^{}]{0,200}\}/g;
const TEMPLATE = /^(?:jsonpath|go-template|custom-columns)=/;

/**
 * Text that a program puts around each thing that it prints, as `git branch --format='git branch -D %(refname)'` does: once a
 * shell reads it, it is a command. What is filled in is an entry of the input's list, or `$item`. Undefined where nothing says how the output looks.
 */
export function printed(name: string, args: readonly Field[], input: Value): Value | undefined {
  const [item = ITEM] = input.items ?? [];
  const text = (formatOf(name, args) ?? literalsOf(name, args) ?? dryRun(name, args))?.replaceAll(ITEM, item);
  return text === undefined || text.trim() === "" ? undefined : literal(text);
}

function formatOf(name: string, args: readonly Field[]): string | undefined {
  const flags = FORMATS.find(([names]) => names.test(name))?.[1];
  if (!flags) return undefined;
  for (const [index, { text }] of args.entries()) {
    const [flag = "", ...rest] = text.split("=");
    if (!flags.test(flag)) continue;
    const format = rest.length > 0 ? rest.join("=") : (args[index + 1]?.text ?? "");
    return filled(format.replace(TEMPLATE, ""), FILLED);
  }
  return undefined;
}

const filled = (text: string, pattern: RegExp): string =>
  text
    .slice(0, MAX_TEXT)
    .replace(/\\n/g, "\n")
    .replace(/\\[t0]/g, " ")
    .replace(pattern, ITEM);

const QUOTED = String.raw`"((?:[^"\\]|\\.){0,4000})"|'((?:[^'\\]|\\.){0,4000})'|${"`"}((?:[^${"`"}\\]|\\.){0,4000})${"`"}`;
const PRINTS = new RegExp(
  String.raw`(?<![\w$])(?:print|printf|println|puts|say|echo|p|console\.log|write|writeln)\b\s*\(?\s*[rfbu]?(?:${QUOTED})`,
  "g",
);
const LITERALS = new RegExp(QUOTED, "g");
/** Names and expressions within a text of a language: `$_`, `#{name}`, `${name}`, `{name}`. */
const INTERPOLATED =
  /#\{[^}]{0,200}\}|\$\{[^}]{0,200}\}|\{[^{}]{0,200}\}|\$[A-Za-z_]\w*(?:\[[^\]]{0,40}\])?/g;

/** The texts that a one-liner prints, and those of a program of jq, each followed by what may be added to it. */
function literalsOf(name: string, args: readonly Field[]): string | undefined {
  if (/^(?:jq|gojq|jaq|yq)$/.test(name)) {
    const program = texts(args).find((word) => !word.startsWith("-")) ?? "";
    return linesOf(program, LITERALS, FILLED);
  }
  const own = INTERPRETERS.find(({ names, isEditor }) => names.test(name) && !isEditor);
  if (!own) return undefined;
  const code = readInterpreter(args, own)
    .codes.map(({ text }) => text)
    .join("\n");
  const isValue = args.some(({ text }) => text === "-p" || text === "--print" || text === "-pe");
  return linesOf(code, isValue && /^(?:node|bun)/.test(name) ? LITERALS : PRINTS, INTERPOLATED);
}

function linesOf(code: string, pattern: RegExp, interpolated: RegExp): string | undefined {
  const lines: string[] = [];
  const text = code.slice(0, MAX_TEXT);
  for (const match of text.matchAll(pattern)) {
    const shown = filled(match[1] ?? match[2] ?? match[3] ?? "", interpolated).replace(/\\(["'`$])/g, "$1");
    const isContinued = /^\s*[+.,]/.test(
      text.slice(match.index + match[0].length, match.index + match[0].length + 8),
    );
    lines.push(isContinued ? `${shown}${ITEM}` : shown);
    if (lines.length === MAX_PRINTS) break;
  }
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** `parallel --dry-run` prints what it would run. */
function dryRun(name: string, args: readonly Field[]): string | undefined {
  const isDry = name === "parallel" && args.some(({ text }) => /^--dry-?run$/.test(text));
  if (!isDry) return undefined;
  const words = args.filter(({ text }) => !text.startsWith("-"));
  const cut = words.findIndex(({ text }) => text.startsWith(":::"));
  const command = joinWords(cut < 0 ? words : words.slice(0, cut)).text;
  const item = cut < 0 ? ITEM : (words[cut + 1]?.text ?? ITEM);
  return command.includes("{}") ? command.replaceAll("{}", item) : `${command} ${item}`;
}
