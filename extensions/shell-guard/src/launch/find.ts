import { itemField, type Field } from "../model.js";
import type { Launch } from "./launch.js";

/** What one action of `find` reaches, such as `-delete` or `-exec`. */
interface Action {
  readonly name: string;
  readonly words: readonly Field[];
  /** A test before it picks entries by name, age or the like. Without one, it takes all there is. */
  readonly isNarrow: boolean;
}

interface Search {
  readonly roots: readonly string[];
  readonly actions: readonly Action[];
  /** The names that it prints are only some of those below the roots. */
  readonly isNarrow: boolean;
  /** The name that it looks for, if one says it all. */
  readonly name: string | undefined;
}

const ACTIONS = /^-(?:exec|execdir|ok|okdir|delete|f?print(?:0|f)?|f?ls)$/;
/** Tests with one value that pick few entries. */
const PICKS =
  /^-(?:empty|x?type|inum|samefile|nouser|nogroup|perm|links|lname|ilname|context|i?name|i?path|i?wholename|i?regex|[acm](?:time|min)|a?newer\w*|size|used)$/;
const ALONE =
  /^-(?:empty|nouser|nogroup|true|false|prune|depth|d|xdev|mount|follow|daystart|readable|writable|executable|noleaf|ignore_readdir_race|noignore_readdir_race|warn|nowarn|quit|print0?|ls|delete|E|X|s)$/;
const TIMES = /^-(?:[acm](?:time|min)|a?newer\w*|size|used)$/;

/** Reads the words of `find`: where it looks, what it does there, and whether its tests pick some of what there is. */
export function readFind(args: readonly Field[]): Search {
  const start = args.findIndex(
    (arg) => /^[-(!,)]/.test(arg.text) && !/^-(?:[HLPEXdsx]+|O\d?|D)$/.test(arg.text),
  );
  const tokens = start < 0 ? [] : args.slice(start);
  const roots = args
    .slice(0, start < 0 ? undefined : start)
    .filter((arg) => !arg.text.startsWith("-"))
    .map((arg) => arg.text);
  const actions: Action[] = [];
  const isNarrow = new Expression(tokens, actions).read();
  return { roots: roots.length > 0 ? roots : ["."], actions, isNarrow, name: nameIn(tokens) };
}

function nameIn(tokens: readonly Field[]): string | undefined {
  const names = tokens.filter((_, index) => /^-i?name$/.test(tokens[index - 1]?.text ?? ""));
  const isOne = names.length === 1 && !tokens.some(({ text }) => /^(?:!|-not|-o|-or|,)$/.test(text));
  return isOne && !names[0]?.text.includes("/") ? names[0]?.text : undefined;
}

/** The expression of `find`. Each level keeps whether the entries that reach a point were picked by a test. */
class Expression {
  readonly #tokens: readonly Field[];
  readonly #actions: Action[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Field[], actions: Action[]) {
    this.#tokens = tokens;
    this.#actions = actions;
  }

  read(): boolean {
    return this.#alternatives(false);
  }

  /** Alternatives joined by `-o` or `,`: what comes out was picked if every one of them picks. */
  #alternatives(before: boolean): boolean {
    let all = true;
    for (;;) {
      all = this.#chain(before) && all;
      const next = this.#tokens[this.#at]?.text;
      if (next !== "-o" && next !== "-or" && next !== ",") return all;
      this.#at += 1;
    }
  }

  #chain(before: boolean): boolean {
    let narrow = before;
    let isNegated = false;
    for (; this.#at < this.#tokens.length;) {
      const text = this.#tokens[this.#at]?.text ?? "";
      if (text === "-o" || text === "-or" || text === "," || text === ")") break;
      this.#at += 1;
      if (text === "!" || text === "-not") {
        isNegated = !isNegated;
        continue;
      }
      if (text === "-a" || text === "-and") continue;
      if (text === "(" && this.#depth < 100) {
        this.#depth += 1;
        const inner = this.#alternatives(narrow);
        this.#depth -= 1;
        if (this.#tokens[this.#at]?.text === ")") this.#at += 1;
        narrow = isNegated ? narrow : inner;
      } else if (ACTIONS.test(text)) this.#action(text, narrow);
      else narrow = this.#test(text, isNegated) || narrow;
      isNegated = false;
    }
    return narrow;
  }

  #action(name: string, isNarrow: boolean): void {
    const words: Field[] = [];
    if (/^-(?:exec|ok)/.test(name)) {
      for (; this.#at < this.#tokens.length; this.#at += 1) {
        const word = this.#tokens[this.#at];
        if (!word || word.text === ";") break;
        if (word.text === "+" && words[words.length - 1]?.text === "{}") break;
        words.push(word);
      }
      this.#at += 1;
    } else if (!ALONE.test(name)) this.#at += name === "-fprintf" ? 2 : 1;
    this.#actions.push({ name, words, isNarrow });
  }

  /** True if a test leaves few entries. Negated, only those of time and size do. */
  #test(name: string, isNegated: boolean): boolean {
    if (ALONE.test(name)) return !isNegated && /^-(?:empty|nouser|nogroup|false)$/.test(name);
    const value = this.#tokens[this.#at]?.text ?? "";
    this.#at += 1;
    if (!PICKS.test(name)) return false;
    if (isNegated)
      return (
        TIMES.test(name) && !isWeak(name, value.startsWith("+") ? `-${value.slice(1)}` : `+${value.slice(1)}`)
      );
    return !isWeak(name, value);
  }
}

/** True for the value of a test that nearly every entry passes. */
function isWeak(name: string, text: string): boolean {
  const value = text.slice(0, 200);
  if (/^-x?type$/.test(name))
    return !/^(?:[lspbcD],?)+$/.test(value) && !(name === "-xtype" && value === "l");
  if (/name$|path$/.test(name))
    return /^(?:[*?./]|\[[!^]?[^\]]*\])*\*(?:[*?./]|\[[!^]?[^\]]*\])*$/.test(value);
  if (name.endsWith("regex")) return /^(?:\^|\.[*+]?|\/|\\\/|\[\^?\/?\][*+]?|\(|\)|\$)*$/.test(value);
  if (name === "-perm") return /^[-/](?:0*|u\+?=?r)$/.test(value);
  const amount = Number(/\d+/.exec(value)?.[0] ?? "NaN");
  if (name === "-size") return /^\+(?:0\w?|1[bckw]?)$/.test(value) || /^-\d+[GT]$/.test(value);
  if (/time$|min$/.test(name))
    return (
      (value.startsWith("+") && amount === 0) ||
      (value.startsWith("-") && amount >= (name.endsWith("min") ? 525_600 : 365))
    );
  if (/newer\w?t$/.test(name)) return /^(?:19\d\d|200\d|@\d{1,9}$|0+)/.test(value);
  return name === "-links" && /^[+-]/.test(value);
}

/** The path that stands for what is found below a root: all of it, one name, or something. Below `/` a name can be anywhere. */
function itemOf(root: string, isNarrow: boolean, name?: string): string {
  if (root === "/") return isNarrow ? "/$item" : "/*";
  return `${root.replace(/(?<=.)\/+$/, "")}/${isNarrow ? (name ?? "$item") : "*"}`;
}

/** Paths that stand for the names that `find` prints. */
export function foundItems(args: readonly Field[]): string[] {
  const { roots, actions, isNarrow, name } = readFind(args);
  const printing = actions.find(({ name }) => name.startsWith("-print"));
  return roots.map((root) => itemOf(root, printing?.isNarrow ?? isNarrow, name));
}

/** Paths that stand for what `find -delete` removes. */
export function deletedByFind(args: readonly Field[]): Field[] {
  const { roots, actions, name } = readFind(args);
  return actions
    .filter((action) => action.name === "-delete")
    .flatMap(({ isNarrow }) => roots.map((root) => itemField(itemOf(root, isNarrow, name))));
}

/** Programs that are told to go below by a flag: `find` over everything does the same without it. */
const RECURSIVE: Readonly<Record<string, string>> = { chmod: "-R", chown: "-R", chgrp: "-R", setfacl: "-R" };

/** The commands of `find -exec`, once for each start folder. */
export function startedByFind(args: readonly Field[]): Launch[] {
  const { roots, actions, name } = readFind(args);
  return actions
    .filter(({ words }) => words.length > 0)
    .flatMap(({ words, isNarrow }) =>
      roots.slice(0, 16).map((root) => ({ words: withItem(words, itemOf(root, isNarrow, name)) })),
    );
}

/** Puts an entry in the place of `{}`. A word that is nothing else stands for the entry itself. */
export function withItem(words: readonly Field[], item: string, mark = "{}"): Field[] {
  const filled = words.map((word) =>
    word.text === mark
      ? itemField(item)
      : word.text.includes(mark)
        ? { ...word, text: word.text.replaceAll(mark, item), dynamic: true }
        : word,
  );
  const [command, ...rest] = filled;
  const flag = command && item.endsWith("*") ? RECURSIVE[command.text] : undefined;
  return command && flag !== undefined ? [command, { ...command, text: flag }, ...rest] : filled;
}

const FD_VALUED = ["-e", "-E", "-t", "-d", "-S", "-c", "-j", "-o", "--extension", "--exclude", "--type", "--max-depth", "--min-depth", "--exact-depth", "--size", "--owner", "--changed-within", "--changed-before", "--base-directory", "--search-path", "--threads", "--format", "--ignore-file", "--max-results", "--color", "--path-separator"]; // prettier-ignore

interface FdSearch {
  readonly items: readonly string[];
  readonly commands: readonly (readonly Field[])[];
}

/** Reads the words of `fd`: a pattern, then folders, then commands behind `-x` and `-X`. */
export function readFd(args: readonly Field[]): FdSearch {
  const operands: string[] = [];
  const roots: string[] = [];
  const commands: Field[][] = [];
  let isNarrow = false;
  for (let index = 0; index < args.length; index += 1) {
    const text = args[index]?.text ?? "";
    if (/^(?:-x|-X|--exec|--exec-batch)$/.test(text)) {
      const end = args.findIndex((arg, at) => at > index && arg.text === ";");
      const words = args.slice(index + 1, end < 0 ? undefined : end);
      commands.push(
        words.some((word) => word.text.includes("{"))
          ? words
          : [...words, { ...(words[0] as Field), text: "{}" }],
      );
      index = end < 0 ? args.length : end;
    } else if (text.startsWith("-") && text.length > 1) {
      if (
        /^(?:-e|--extension|--changed-|-S|--size|-d|--max-results)/.test(text) &&
        !/^(?:-d|--max-depth)/.test(text)
      )
        isNarrow = true;
      if (/^-(?:-search-path|-base-directory)/.test(text))
        roots.push(/=(.*)/.exec(text)?.[1] ?? args[index + 1]?.text ?? ".");
      if (FD_VALUED.includes(text)) index += 1;
    } else operands.push(text);
  }
  const [pattern = ".", ...folders] = operands;
  if (!/^(?:\.|\.\*|\*|\^|\$|)$/.test(pattern)) isNarrow = true;
  const all = [...folders, ...roots];
  return { items: (all.length > 0 ? all : ["."]).map((root) => itemOf(root, isNarrow)), commands };
}

/** The commands of `fd -x` and `fd -X`. */
export function startedByFd(args: readonly Field[]): Launch[] {
  const { items, commands } = readFd(args);
  return commands
    .filter((words) => words.length > 1)
    .flatMap((words) => items.slice(0, 16).map((item) => ({ words: withItem(words, item) })));
}
