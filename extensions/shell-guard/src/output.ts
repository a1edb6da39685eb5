import { readArgs, texts } from "./args.js";
import { EMPTY, UNKNOWN, joinWords, literal, type Field, type Value } from "./model.js";
import { contentOf } from "./files.js";
import type { Scope } from "./scope.js";
import { awkOutput } from "./launch/awk.js";
import { foundItems, readFd } from "./launch/find.js";
import { gitOutput } from "./git-output.js";
import { printed } from "./printed.js";
import type { Walk } from "./walk.js";

const DOWNLOADERS = [
  "curl",
  "wget",
  "aria2c",
  "http",
  "https",
  "xh",
  "fetch",
  "lynx",
  "w3m",
  "links",
  "nc",
  "ncat",
  "netcat",
];
/** They print part of their input, so where it came from still counts. */
const FILTERS = [
  "head",
  "tail",
  "grep",
  "sort",
  "uniq",
  "tee",
  "pv",
  "cat",
  "zcat",
  "dos2unix",
  "egrep",
  "fgrep",
  "rg",
  "nl",
  "column",
  "fold",
  "paste",
  "shuf",
  "sponge",
  "envsubst",
  "cut",
  "jq",
  "xmllint",
];
/** Their output cannot be read off the command line. */
const DECODERS = [
  "xxd",
  "openssl",
  "gunzip",
  "gzip",
  "bunzip2",
  "xz",
  "unxz",
  "zcat",
  "zstd",
  "uudecode",
  "base32",
  "basenc",
  "tr",
  "gpg",
  "iconv",
  "uncompress",
];

/** What a program prints, as far as its words and its input tell. */
export function outputOf(name: string, args: readonly Field[], walk: Walk): Value {
  const input = walk.input;
  if (DOWNLOADERS.includes(name)) return { ...UNKNOWN, origin: "network" };
  switch (name) {
    case "echo":
      return joinWords(args.filter((arg, index) => index > 1 || !/^-[neE]+$/.test(arg.text)).map(unescaped));
    case "printf":
      return printf(args);
    case "base64":
    case "gbase64":
      return decodeBase64(args, input);
    case "rev":
      return input.dynamic
        ? decoded(input)
        : { ...input, text: [...input.text.trimEnd()].reverse().join("") };
    case "tac":
    case "tee":
      return input;
    case "cat":
      return cat(args, input, walk.scope);
    case "xxd":
    case "tr":
      return name === "tr" ? translate(args, input) : readArgs(args).flags.has("-r") ? unhex(input) : UNKNOWN;
    case "pwd":
      return literal(walk.scope.cwd);
    case "mktemp":
      return literal("/tmp/tmp.scratch");
    case "git":
      return printed(name, args, input) ?? gitOutput(args);
    case "find":
    case "gfind":
      return (
        printed(name, args, { ...input, items: foundItems(args) }) ?? { ...UNKNOWN, items: foundItems(args) }
      );
    case "fd":
    case "fdfind":
      return { ...UNKNOWN, items: readFd(args).items };
    case "ls":
    case "gls":
    case "exa":
    case "eza":
    case "dir":
      return { ...UNKNOWN, items: listed(args) };
    case "awk":
    case "gawk":
    case "mawk":
      return awkOutput(args, input) ?? { ...UNKNOWN, ...passed(input, /\//.test(texts(args).join(" "))) };
    case "sed":
      return (
        prefixed(args, input) ?? {
          ...UNKNOWN,
          ...passed(
            input,
            args.some((arg) => /(?:^|\/|\d|\$)[pd]$/.test(arg.text)),
          ),
        }
      );
    case "manage.py":
    case "django-admin":
      return texts(args).includes("sqlflush") ? literal("TRUNCATE TABLE records;") : UNKNOWN;
    default:
      return printed(name, args, input) ?? filtered(name, args, input);
  }
}

/** What a filter lets through, or what nobody can see. */
function filtered(name: string, args: readonly Field[], input: Value): Value {
  if (DECODERS.includes(name))
    return input.origin === "network" ? { ...UNKNOWN, origin: "network" } : decoded(input);
  return FILTERS.includes(name)
    ? { ...UNKNOWN, ...passed(input, picksLines(name, args)) }
    : builtinOutput(name);
}

const builtinOutput = (name: string): Value =>
  ["cd", "export", "set", "mkdir", "true", ":", "rm", "chmod"].includes(name) ? EMPTY : UNKNOWN;

/** What goes through a filter. Of a list that it picks lines from, only some entries are left. */
const passed = (input: Value, picks = false): Pick<Value, "origin" | "items"> => ({
  origin: input.origin === "literal" ? "other" : input.origin,
  ...(input.items
    ? { items: picks ? input.items.map((item) => item.replace(/\*$/, "$item")) : input.items }
    : {}),
});

function picksLines(name: string, args: readonly Field[]): boolean {
  if (name === "head" || name === "tail" || name === "uniq") return true;
  const { operands, flags, values } = readArgs(args, ["-e", "-m", "-A", "-B", "-C"]);
  const pattern = values.get("-e")?.text ?? operands[0]?.text ?? "";
  return (
    /^(?:[efr]?grep|rg|ag)$/.test(name) &&
    !flags.has("-v") &&
    !flags.has("--invert-match") &&
    !/^(?:\.\*?|\^|\$|)$/.test(pattern)
  );
}

/** `sed 's/^/rm -rf /'` writes a command in front of each line. */
function prefixed(args: readonly Field[], input: Value): Value | undefined {
  const prefix = args
    .map((arg) => /^s(\W)\^(?:\(\.\*\)|\.\*)?\1(.*)\1[a-z]*$/s.exec(arg.text)?.[2])
    .find((text) => text !== undefined);
  if (prefix === undefined || prefix === "") return undefined;
  const item = input.items?.[0] ?? (input.dynamic ? "$item" : (input.text.split("\n")[0] ?? ""));
  const text = /&|\\1/.test(prefix) ? prefix.replace(/&|\\1/g, () => item) : prefix + item;
  return { ...UNKNOWN, text, dynamic: false };
}

const decoded = (input: Value): Value => ({
  ...UNKNOWN,
  origin: input.origin === "network" ? "network" : "decoded",
});

/** What `ls` lists: the entries of its folders, or what its patterns match. */
function listed(args: readonly Field[]): string[] {
  const { operands, flags } = readArgs(args, ["-I", "-w", "-T"]);
  if (operands.length === 0) return ["./*"];
  return operands.map(({ text, glob }) =>
    glob || flags.has("-d") || /\.\w+$/.test(text) ? text : `${text.replace(/(?<=.)\/+$/, "")}/*`,
  );
}

function cat(args: readonly Field[], input: Value, scope: Scope): Value {
  const { operands } = readArgs(args);
  const [only] = operands;
  if (!only || only.text === "-" || only.text === "/dev/stdin") return input;
  return only.content ?? contentOf(only.text, scope) ?? UNKNOWN;
}

/** The escapes of `echo -e` and `printf`, which are the usual way to hide a letter. */
const unescaped = (field: Field): Field => ({ ...field, text: unescape(field.text) });

function unescape(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|([ntr\\]))/g,
    (whole, hex?: string, octal?: string, plain?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      return { n: "\n", t: "\t", r: "\r", "\\": "\\" }[plain ?? ""] ?? whole;
    },
  );
}

function printf(args: readonly Field[]): Value {
  const words = args.filter((arg) => arg.text !== "--");
  const [format, ...rest] = words;
  if (!format) return EMPTY;
  const whole = joinWords(words);
  const values = texts(rest);
  let used = 0;
  const once = () =>
    format.text.replace(/%%|%[-0-9.]*([sbdqicxu])/g, (match) =>
      match === "%%" ? "%" : (values[used++] ?? ""),
    );
  let text = once();
  for (let round = 0; used > 0 && used < values.length && round < 64; round += 1) text += once();
  return { ...whole, text: unescape(text) };
}

function decodeBase64(args: readonly Field[], input: Value): Value {
  const parsed = readArgs(args, ["-w", "-i"]);
  if (!["-d", "-D", "--decode"].some((flag) => parsed.flags.has(flag))) return UNKNOWN;
  if (input.dynamic || input.text === "" || (parsed.operands.length > 0 && parsed.operands[0]?.text !== "-"))
    return decoded(input);
  return { ...input, text: Buffer.from(input.text.trim(), "base64").toString("utf8"), origin: "literal" };
}

function unhex(input: Value): Value {
  const digits = input.text.replace(/\s|0x|\\x/g, "");
  if (input.dynamic || !/^(?:[0-9a-fA-F]{2})+$/.test(digits)) return decoded(input);
  return { ...input, text: Buffer.from(digits, "hex").toString("utf8") };
}

/** `tr` with sets spelled out or in ranges, enough for rot13 and for swapped letters. */
function translate(args: readonly Field[], input: Value): Value {
  const [from, to] = readArgs(args).operands;
  if (input.dynamic || !from || args[0]?.text.startsWith("-"))
    return input.dynamic && !from
      ? UNKNOWN
      : {
          ...UNKNOWN,
          ...passed(input),
          origin: input.origin === "network" ? "network" : input.dynamic ? "other" : "decoded",
        };
  const [source, target] = [setOf(from.text), setOf(to?.text ?? "")];
  if (target.length === 0) return decoded(input);
  const text = [...input.text].map((letter) =>
    source.includes(letter) ? (target[source.indexOf(letter)] ?? target[target.length - 1]) : letter,
  );
  return { ...input, text: text.join("") };
}

function setOf(text: string): string[] {
  const plain = unescape(text).replace(/[[\]]/g, "");
  return [
    ...plain.replace(/(.)-(.)/gs, (whole, first: string, last: string) => {
      const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)];
      return to >= from && to - from < 128
        ? Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index)).join("")
        : whole;
    }),
  ];
}
