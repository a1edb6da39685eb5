import { readArgs } from "./args.js";
import { dynamic, literal, type Field, type Redirection } from "./model.js";
import type { Walk } from "./walk.js";

/** What code in another language would start: shell text, or one program with its words. */
export type Snippet =
  | { readonly shell: string }
  | { readonly words: readonly Field[]; readonly redirections: readonly Redirection[] };

/** The flag after which each interpreter takes code. */
const INTERPRETERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:python|pypy)[\d.]*$/, ["-c"]],
  [/^perl[\d.]*$/, ["-e", "-E"]],
  [/^ruby[\d.]*$/, ["-e"]],
  [/^(?:node|nodejs|bun|deno|tsx)$/, ["-e", "--eval", "-p", "--print", "eval"]],
  [/^php[\d.]*$/, ["-r"]],
  [/^lua[\d.]*$/, ["-e"]],
  [/^(?:awk|gawk|mawk|nawk)$/, []],
  [/^(?:vim|vi|nvim|ex|expect)$/, ["-c"]],
];

const TEXT = String.raw`(?:[rbf]?"((?:[^"\\]|\\.)*)"|[rbf]?'((?:[^'\\]|\\.)*)'|${"`"}([^${"`"}]*)${"`"})`;
const SHELL_CALL = new RegExp(
  String.raw`\b(?:system|popen|exec|execSync|shell_exec|passthru|getoutput|run|call|check_call|check_output|Popen|spawn|spawnSync|execFileSync)\s*\(?\s*${TEXT}`,
  "g",
);
const LIST_CALL =
  /\b(?:run|call|check_call|check_output|Popen|spawn|spawnSync|execFile|execFileSync|system|exec\w*)\s*\(\s*([^()]*?,[^()]*|\[[^\]]*\][^()]*)\)/g;
const BARE_LIST_CALL = /\b(?:system|exec)\s+(["'][^;\n]*,[^;\n]*)/g;
const TREE_DELETE =
  /\b(?:rmtree|rm_rf|rm_r|remove_tree|remove_entry_secure|rmSync|rmdirSync|rm(?=\()|removeSync|emptyDirSync|rimraf|rimrafSync|deleteDirectory)\s*\(?\s*([^;\n]*)/g;
const FILE_DELETE = /\b(?:unlink|unlinkSync|remove|os\.remove|File\.delete)\s*\(?\s*([^;\n]*)/g;
const FILE_WRITE = new RegExp(
  String.raw`\b(?:open|writeFileSync|writeFile|File\.write|truncateSync|file_put_contents)\s*\(\s*${TEXT}\s*,?\s*(?:${TEXT})?`,
  "g",
);
const HOME_CALL = /expanduser|homedir\(|Path\.home\(|\bHOME\b|Dir\.home/;

/** Finds destructive calls in the code of a one-liner. It looks for known calls and does not follow the code. */
export function snippetsOf(name: string, args: readonly Field[], walk: Walk): Snippet[] {
  const interpreter = INTERPRETERS.find(([pattern]) => pattern.test(name));
  if (!interpreter) return [];
  return codeOf(args, interpreter[1], walk).flatMap(scan);
}

function codeOf(args: readonly Field[], flags: readonly string[], walk: Walk): string[] {
  if (flags.length === 0) return args.slice(0, 3).map((field) => field.text);
  const codes = args
    .filter((_, index) => isCodeFlag(args[index - 1]?.text ?? "", flags))
    .map((field) => field.text);
  const piped = readArgs(args).operands.every((field) => field.text === "-");
  return codes.length > 0 || !piped ? codes : [walk.input.text];
}

/** Whether an interpreter was given no code and no file, so that it runs what it reads. */
export function runsItsInput(name: string, args: readonly Field[]): boolean {
  const interpreter = INTERPRETERS.find(([pattern]) => pattern.test(name));
  if (!interpreter || interpreter[1].length === 0 || /^(?:n?vim?|ex|expect)$/.test(name)) return false;
  const inline = args.some((arg) => isCodeFlag(arg.text, interpreter[1]));
  return !inline && readArgs(args).operands.every((field) => field.text === "-");
}

const isCodeFlag = (text: string, flags: readonly string[]): boolean =>
  flags.includes(text) ||
  (/^-[a-zA-Z0-9]+$/.test(text) && flags.some((flag) => flag.length === 2 && text.endsWith(flag.slice(1))));

function scan(code: string): Snippet[] {
  const bounded = code.slice(0, 20_000);
  return [
    ...matches(bounded, SHELL_CALL).map((match) => ({
      shell: clean(match[1] ?? match[2] ?? match[3] ?? ""),
    })),
    ...matches(bounded, /(?:^|[^\w$])(?:`|%x[{(])([^`})]*)[`})]/g).map((match) => ({
      shell: match[1] ?? "",
    })),
    ...matches(bounded, /:?!\s*([\w/].*)$/gm).map((match) => ({
      shell: /^\s*:?!/.test(bounded) ? (match[1] ?? "") : "",
    })),
    ...matches(bounded, LIST_CALL).map((match) => program(strings(match[1] ?? ""))),
    ...matches(bounded, BARE_LIST_CALL).map((match) => program(strings(match[1] ?? ""))),
    ...matches(bounded, TREE_DELETE).map((match) =>
      program([literal("rm"), literal("-rf"), target(match[1] ?? "")]),
    ),
    ...matches(bounded, FILE_DELETE).map((match) => program([literal("rm"), target(match[1] ?? "")])),
    ...matches(bounded, FILE_WRITE).flatMap(write),
  ].filter((snippet) => ("shell" in snippet ? snippet.shell !== "" : snippet.words.length > 0));
}

const matches = (code: string, pattern: RegExp): RegExpExecArray[] =>
  [...code.matchAll(pattern)].slice(0, 32);

const program = (words: readonly Field[]): Snippet => ({ words, redirections: [] });

const clean = (text: string): string => text.replace(/\\(["'])/g, "$1");

const strings = (code: string): Field[] =>
  [...code.matchAll(new RegExp(TEXT, "g"))]
    .slice(0, 32)
    .map((match) => literal(clean(match[1] ?? match[2] ?? match[3] ?? "")));

/** The path that a delete gets: its first text, below the home folder when the code asks for that. */
function target(code: string): Field {
  const [, afterHome] = code.split(HOME_CALL);
  const [first] = strings(afterHome ?? code);
  if (afterHome !== undefined) {
    const rest = first && !/^(?:~|HOME)$/.test(first.text) ? `/${first.text.replace(/^~?\//, "")}` : "";
    return literal(`~${rest}`);
  }
  return first ?? dynamic("$path");
}

function write(match: RegExpExecArray): Snippet[] {
  const path = match[1] ?? match[2] ?? match[3] ?? "";
  const mode = match[4] ?? match[5] ?? "";
  const writes = !match[0].startsWith("open") || /[wax+>]/.test(mode);
  const redirection: Redirection = { writes: true, appends: mode.includes("a"), target: literal(path) };
  return writes ? [{ words: [literal("true")], redirections: [redirection] }] : [];
}
