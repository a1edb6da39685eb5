import type { Field } from "../model.js";

/** How the words of an interpreter are to be read. */
export interface Interpreter {
  readonly names: RegExp;
  /** Letters and words of the flags that take code. */
  readonly code: string;
  readonly longCode?: readonly string[];
  /** Letter of the flag that takes a module to run. */
  readonly module?: string;
  /** Letters of the flags with a value, and of those whose value is glued to them. */
  readonly valued?: string;
  readonly glued?: string;
  readonly long?: readonly string[];
  /** The first word after its name that takes code, or stands before a file. */
  readonly verbs?: RegExp;
  /** Backticks run a command. */
  readonly hasBackticks?: boolean;
  /** It edits or tests: without code it reads no program from standard input. */
  readonly isEditor?: boolean;
}

export const INTERPRETERS: readonly Interpreter[] = [
  { names: /^(?:python|pypy)[\d.]*w?$|^ipython[\d.]*$/, code: "c", module: "m", valued: "WXQ" },
  { names: /^perl[\d.]*$/, code: "eE", glued: "iMmIFCDlx0", hasBackticks: true },
  { names: /^j?ruby[\d.]*$/, code: "e", glued: "iFKWx0", valued: "rIEC", hasBackticks: true },
  {
    names: /^(?:node|nodejs|bun|tsx|ts-node|esno)$/,
    code: "ep",
    longCode: ["--eval", "--print"],
    valued: "rCP",
    long: ["--require", "--import", "--loader", "--conditions", "--env-file", "--inspect-port"],
  },
  { names: /^deno$/, code: "", valued: "cL", verbs: /^(?:eval|run|repl)$/ },
  { names: /^php[\d.]*$/, code: "rBRE", valued: "cdzfF", hasBackticks: true },
  { names: /^lua[\d.]*$|^luajit$/, code: "e", valued: "l" },
  { names: /^(?:Rscript|R|julia|elixir|groovy|scala|kotlin|swift|clojure|clj|crystal|guile|osascript|raku|jshell|ghc)$/, code: "eE", hasBackticks: false },
  { names: /^(?:vim|vi|nvim|ex|view|emacs)$/, code: "c", longCode: ["--eval", "--cmd", "-e"], valued: "uSsTwW", isEditor: true },
  { names: /^expect$/, code: "c", valued: "f" },
  { names: /^(?:pwsh|powershell)$/, code: "c", longCode: ["-Command", "-command", "-File"] },
]; // prettier-ignore

export interface Code {
  readonly codes: readonly Field[];
  /** The file or the module that it runs, and the arguments of the program. */
  readonly rest: readonly Field[];
}

/** Takes the words of an interpreter apart: code in flags, else a file or a module, then what the program gets. */
export function readInterpreter(args: readonly Field[], own: Interpreter): Code {
  const codes: Field[] = [];
  let isEval = false;
  for (let index = 0; index < args.length; index += 1) {
    const field = args[index];
    if (!field) break;
    const { text } = field;
    if (own.isEditor && text.startsWith("+")) {
      codes.push({ ...field, text: text.slice(1) });
      continue;
    }
    if (text === "--") return { codes, rest: args.slice(index + 1) };
    if (!text.startsWith("-") || text === "-") {
      if (index === 0 && own.verbs?.test(text)) {
        isEval = text === "eval";
        continue;
      }
      if (isEval) return { codes: [field], rest: args.slice(index + 1) };
      if (own.isEditor) continue;
      return { codes, rest: args.slice(index) };
    }
    const equals = /^(--[\w-]+)=(.*)$/s.exec(text);
    if (equals && own.longCode?.includes(equals[1] ?? "")) codes.push({ ...field, text: equals[2] ?? "" });
    else if (own.longCode?.includes(text) || own.long?.includes(text)) {
      index += 1;
      const next = args[index];
      if (next && own.longCode?.includes(text)) codes.push(next);
    } else if (!text.startsWith("--")) {
      const read = readCluster(field, args[index + 1], own);
      if (read.code) codes.push(read.code);
      if (read.isNext) index += 1;
      if (read.module) return { codes, rest: [read.module, ...args.slice(index + 1)] };
      // Of a program in a flag, all that follows are its arguments.
      if (read.code && /^[c]$/.test(own.code))
        return { codes, rest: own.isEditor ? [] : args.slice(index + 1) };
    }
  }
  return { codes, rest: [] };
}

interface Cluster {
  readonly code?: Field;
  readonly module?: Field;
  /** The value was the next word. */
  readonly isNext?: boolean;
}

function readCluster(field: Field, next: Field | undefined, own: Interpreter): Cluster {
  for (let at = 1; at < field.text.length; at += 1) {
    const letter = field.text[at] ?? "";
    const glued = field.text.slice(at + 1);
    const value = glued === "" ? next : { ...field, text: glued };
    const isNext = glued === "";
    if (own.glued?.includes(letter)) return {};
    if (own.code.includes(letter)) {
      // `-pe` of node and `-ne` of perl: further letters are flags if code follows as a word of its own.
      if (glued !== "" && /^[a-zA-Z]$/.test(glued) && own.code.includes(glued)) continue;
      return value ? { code: value, isNext } : {};
    }
    if (own.module === letter) return value ? { module: value, isNext } : {};
    if (own.valued?.includes(letter)) return { isNext };
  }
  return {};
}
