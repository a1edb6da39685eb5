import { itemField, literal, dynamic, type Field, type Redirection } from "../model.js";
import type { Launch } from "./launch.js";
import { withPlainPaths } from "./plain-paths.js";

/** Characters of code that are looked at, and calls of a kind. */
const MAX_CODE = 50_000;
const MAX_CALLS = 32;

const TEXT = String.raw`(?:[rbfu]{0,2}"((?:[^"\\]|\\.)*)"|[rbfu]{0,2}'((?:[^'\\]|\\.)*)'|${"`"}([^${"`"}]*)${"`"})`;
const call = (names: string, after: string, flags = "g"): RegExp =>
  new RegExp(String.raw`(?<![\w$])(?:${names})\s*\(?\s*${after}`, flags);

const SHELL_CALL = call(
  "system|popen[24]?|exec|execSync|shell_exec|passthru|proc_open|getoutput|getstatusoutput|run|call|check_call|check_output|Popen|spawn|spawnSync|execFileSync|execa|execaSync|execaCommand|pexpect\\.run|IO\\.popen|Open3\\.\\w+|Kernel\\.system|do shell script|send(?: --)?|os\\.execute|io\\.popen|open\\s*\\(\\s*\\w+\\s*,\\s*[\"']-\\|[\"']\\s*,",
  TEXT,
); // prettier-ignore
const LIST_CALL =
  /(?<![\w$])(?:run|call|check_call|check_output|Popen|spawn|spawnSync|execFile|execFileSync|execa|execaSync|system|exec\w*|os\.(?:exec|spawn)\w+)\s*\(\s*(\[[^\]]{0,2000}\][^()]{0,2000}|[^()]{0,2000})\)/g;
const BARE_LIST_CALL = /(?<![\w$])(?:system|exec)\s+(["'][^;\n]{0,1000})/g;
const SPAWN = /^\s*(?:spawn|exec)\s+(?!\()([^;\n"']+)/gm;
const TREE_DELETE =
  /(?<![\w$])(?:rmtree|rm_rf|rm_r|remove_tree|remove_dir_all|remove_entry_secure|removedirs|rmSync|rmdirSync|rmdir|rm(?=\()|removeSync|emptyDirSync|emptyDir|rimraf|rimrafSync|deleteDirectory|deltree|Deno\.remove(?:Sync)?)\s*\(?\s*([^;\n]*)/g;
const FILE_DELETE =
  /(?<![\w$])(?:unlink|unlinkSync|remove|os\.remove|File\.delete|delete_file)\s*\(?\s*([^;\n]*)/g;
const MOVE = /(?<![\w$])(?:rename|renameSync|move|os\.replace|FileUtils\.mv)\s*\(?\s*([^;\n)]*)/g;
const COPY =
  /(?<![\w$])(?:copyFile|copyFileSync|copyfile|shutil\.copy2?|cpSync|FileUtils\.cp)\s*\(?\s*([^;\n)]*)/g;
const KILL = /(?<![\w$])(?:os|process|Process)\.kill\s*\(?\s*([^;\n)]*)/g;
const PATH_CALL = new RegExp(
  String.raw`\bPath\s*\(\s*${TEXT}\s*\)[\w./"' ]{0,80}\.(unlink|rmdir|write_text|write_bytes|rename|replace|truncate)\b`,
  "g",
);
/** `(Path.home() / "x").write_text(...)`, once its path is put together. */
const BUILT_PATH_CALL = new RegExp(
  String.raw`(?<![\w$)\]])\(?\s*${TEXT}\s*\)?\.(unlink|write_text|write_bytes)\b`,
  "g",
);
const FILE_WRITE = call(
  "open|openSync|writeFileSync|writeFile|createWriteStream|appendFileSync|File\\.write|File\\.open|File\\.truncate|IO\\.write|truncateSync|truncate|file_put_contents|fopen|Deno\\.writeTextFileSync|Bun\\.write",
  String.raw`${TEXT}\s*,?\s*(?:${TEXT})?`,
); // prettier-ignore
const HOME_CALL = /expanduser|homedir\(|Path\.home\(|\bHOME\b|Dir\.home/;
const ARGUMENTS = /process\.argv|sys\.argv|\bARGV\b|\$argv\b|Deno\.args|Bun\.argv/;
const LISTING = new RegExp(
  String.raw`(?:listdir|scandir|glob|iglob|globSync|walk|readdirSync|readdir|Dir\.(?:glob|children|entries|each_child)|Dir(?=\s*\[)|os\.walk|Path\s*\(\s*${TEXT}\s*\)\.(?:iterdir|r?glob))\s*(?:[([]\s*${TEXT})?`,
);

/**
 * Finds destructive calls in code of another language. It knows the names of calls and reads literal arguments; it does not
 * follow the code. `rest` are the arguments of the program.
 */
export function scanCode(code: string, rest: readonly Field[] = [], hasBackticks = true): Launch[] {
  const text = withPlainPaths(code.slice(0, MAX_CODE));
  if (text === "") return [];
  const source = { text, rest };
  return [
    ...each(text, SHELL_CALL, (match) => [shell(clean(match[1] ?? match[2] ?? match[3] ?? ""))]),
    ...(hasBackticks
      ? each(text, /(?:^|[^\w$])(?:`|%x[{([])([^`})\]]*)[`})\]]/g, (match) => [shell(match[1] ?? "")])
      : []),
    ...(/^\s*:?!/.test(text) ? each(text, /:?!\s*([\w/].*)$/gm, (match) => [shell(match[1] ?? "")]) : []),
    ...each(text, SPAWN, (match) => [shell(match[1] ?? "")]),
    ...each(text, LIST_CALL, list),
    ...each(text, BARE_LIST_CALL, list),
    ...each(text, TREE_DELETE, (match) =>
      targets(argument(match), source).map((path) => words("rm", "-rf", path)),
    ),
    ...each(text, FILE_DELETE, (match) => targets(argument(match), source).map((path) => words("rm", path))),
    ...each(text, MOVE, (match) => pair("mv", match[1] ?? "")),
    ...each(text, COPY, (match) => pair("cp", match[1] ?? "")),
    ...each(text, KILL, (match) => [kill(match[1] ?? "")]),
    ...each(text, PATH_CALL, ofPath),
    ...each(text, BUILT_PATH_CALL, ofPath),
    ...each(text, FILE_WRITE, write),
  ].filter((launch) => (launch.script ? launch.script.text !== "" : (launch.words?.length ?? 0) > 0));
}

interface Source {
  readonly text: string;
  readonly rest: readonly Field[];
}

const each = (code: string, pattern: RegExp, make: (match: RegExpExecArray) => Launch[]): Launch[] => {
  const found: RegExpExecArray[] = [];
  for (const match of code.matchAll(pattern)) {
    if (found.push(match) === MAX_CALLS) break;
  }
  return found.flatMap(make);
};

/** A program with its words as a list; a single text is shell text and was seen already. */
const list = (match: RegExpExecArray): Launch[] =>
  /[,[]/.test(match[1] ?? "") ? [{ words: strings(match[1] ?? "") }] : [];

const shell = (text: string): Launch => ({ script: literal(text.replace(/\\r$|\\n$/, "")) });

const words = (...parts: (string | Field)[]): Launch => ({
  words: parts.map((part) => (typeof part === "string" ? literal(part) : part)),
});

const clean = (text: string): string => text.replace(/\\(["'])/g, "$1");

const strings = (code: string): Field[] =>
  [...code.slice(0, 2_000).matchAll(new RegExp(TEXT, "g"))]
    .slice(0, MAX_CALLS)
    .map((match) => literal(clean(match[1] ?? match[2] ?? match[3] ?? "")));

/** The words of a call: up to its closing parenthesis, if it has one. */
function argument(match: RegExpExecArray): string {
  const code = (match[1] ?? "").slice(0, 2_000);
  if (!match[0].slice(0, match[0].length - (match[1] ?? "").length).includes("(")) return code;
  let depth = 1;
  for (let index = 0; index < code.length; index += 1) {
    if (code[index] === "(") depth += 1;
    if (code[index] === ")") depth -= 1;
    if (depth === 0) return code.slice(0, index);
  }
  return code;
}

/** The paths that a delete gets: its first text, the program's arguments, or what the code lists. */
function targets(code: string, source: Source): Field[] {
  const [, afterHome] = code.split(HOME_CALL);
  const [first] = strings(afterHome ?? code);
  if (afterHome !== undefined) {
    const rest = first && !/^(?:~|HOME)$/.test(first.text) ? `/${first.text.replace(/^~?\//, "")}` : "";
    return [literal(`~${rest}`)];
  }
  if (first) return [first];
  if (ARGUMENTS.test(source.text) && source.rest.length > 0) return source.rest.slice(0, 16);
  const listed = [...source.text.matchAll(new RegExp(LISTING, "g"))]
    .flatMap((match) => match.slice(1))
    .find((text) => text !== undefined);
  if (listed !== undefined) return [itemField(/[*?]/.test(listed) ? listed : `${listed}/*`)];
  return LISTING.test(source.text) && /(?:listdir|readdirSync?)\s*\(\s*\)/.test(source.text)
    ? [itemField("./*")]
    : [dynamic("$path")];
}

function pair(name: string, code: string): Launch[] {
  const [from, to] = strings(code);
  return from && to ? [words(name, from, to)] : [];
}

function kill(code: string): Launch {
  const [first = "", second = ""] = code.split(",").map((part) => part.trim().replace(/["']/g, ""));
  // In Ruby the signal comes first.
  return words(
    "kill",
    "-9",
    /^-?\d+$/.test(first) && !/^-?\d+$/.test(second)
      ? first
      : /^-?\d+$/.test(first) && first !== "9"
        ? first
        : second,
  );
}

function ofPath(match: RegExpExecArray): Launch[] {
  const path = literal(match[1] ?? match[2] ?? match[3] ?? "");
  const method = match[4] ?? "";
  if (/^write|^truncate/.test(method)) return [writing(path, false)];
  return [method.startsWith("re") ? words("mv", path, "$path") : words("rm", path)];
}

const writing = (target: Field, appends: boolean): Launch => {
  const redirection: Redirection = { writes: true, appends, isOutput: false, target };
  return { words: [literal("true")], redirections: [redirection] };
};

function write(match: RegExpExecArray): Launch[] {
  const path = match[1] ?? match[2] ?? match[3] ?? "";
  const mode = match[4] ?? match[5] ?? "";
  const isOpen = /^(?:open|openSync|fopen|File\.open)\b/.test(match[0]);
  // Perl puts the mode first: `open(F, '>', '/etc/x')`, `open(F, '>/etc/x')`.
  if (isOpen && /^\+?[<>]/.test(path)) {
    const file = path.replace(/^[+<>\s]+/, "") || mode;
    return path.includes(">") && file !== "" ? [writing(literal(file), path.includes(">>"))] : [];
  }
  return !isOpen || /^[wax+>rb]*[wax+>][wax+>rb]*$/.test(mode)
    ? [writing(literal(path), isOpen ? mode.includes("a") : match[0].startsWith("append"))]
    : [];
}
