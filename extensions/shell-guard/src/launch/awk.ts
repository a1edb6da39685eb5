import { concat, literal, UNKNOWN, type Field, type Value } from "../model.js";
import type { Walk } from "../walk.js";
import type { Launch } from "./launch.js";
import { scanCode } from "./scan.js";

const TEXT = String.raw`"((?:[^"\\]|\\.)*)"`;
const TO_COMMAND = new RegExp(String.raw`\bprintf?\b([^|;{}\n]*)\|&?\s*${TEXT}`, "g");
const FROM_COMMAND = /([^{};|]{1,300})\|&?\s*getline/g;
const KEYWORDS = /\b(?:while|if|else|do|for|return|BEGIN|END)\b/g;
const TO_NAMED = /\bprintf?\b([^|;{}\n]*)\|&?\s*([A-Za-z_]\w*)/g;
const ASSIGNED = new RegExp(String.raw`\b([A-Za-z_]\w*)\s*=(?!=)((?:${TEXT}|[^;{}\n"]){1,100})`, "g");
const TO_FILE = new RegExp(String.raw`>>?\s*${TEXT}`, "g");
const MAX_CALLS = 32;

/** The program of `awk`: behind its options, or in `-f` a file that is out of sight. */
export function programOf(args: readonly Field[]): string {
  for (let index = 0; index < args.length; index += 1) {
    const text = args[index]?.text ?? "";
    if (/^-(?:e|-source)$/.test(text)) return args[index + 1]?.text ?? "";
    if (text.startsWith("--source=")) return text.slice("--source=".length);
    if (text === "-f" || text === "--file") return "";
    if (/^-[vF]$/.test(text)) index += 1;
    else if (text === "--") return args[index + 1]?.text ?? "";
    else if (!text.startsWith("-") || text === "-") return text;
  }
  return "";
}

/** The commands of an `awk` program: `system()`, `print | "cmd"`, `"cmd" | getline`, and the files that it writes. */
export function inAwk(args: readonly Field[], walk: Walk): Launch[] {
  const program = programOf(args).slice(0, 50_000);
  const launches: Launch[] = scanCode(program, [], false);
  const known = variablesOf(program, args, walk.input);
  const assemble = (code = ""): Value => assembled(code, walk.input, known);
  // Text that is put together: the known parts in order, with a name for what is not known.
  for (const [, inside] of firsts(program, /\bsystem\s*\(([^()]*)\)/g))
    launches.push({ script: assemble(inside) });
  for (const [, printed, name = ""] of firsts(program, TO_NAMED))
    if (known.has(name)) launches.push({ script: assemble(name), changes: { input: assemble(printed) } });
  for (const [, printed, command] of firsts(program, TO_COMMAND))
    launches.push({
      script: literal(plain(command ?? "")),
      changes: { input: assemble(printed) },
    });
  for (const [, command = ""] of firsts(program, FROM_COMMAND))
    launches.push({ script: assemble(command.replace(KEYWORDS, " ")) });
  for (const match of firsts(program, TO_FILE))
    launches.push({
      words: [literal("true")],
      redirections: [
        {
          writes: true,
          appends: match[0].startsWith(">>"),
          isOutput: false,
          target: literal(match[1] ?? ""),
        },
      ],
    });
  return launches;
}

/** What `awk` prints: known only where a text stands in front, as in `{print "rm -rf " $1}`. */
export function awkOutput(args: readonly Field[], input: Value): Value | undefined {
  const printed = /\bprintf?\b\s*\(?([^|>;{}]*"[^|>;{}]*)/.exec(programOf(args).slice(0, 2_000))?.[1];
  return printed === undefined
    ? undefined
    : { ...assembled(printed, input), origin: input.origin === "network" ? "network" : "literal" };
}

/** Variables whose text can be read off the program or its `-v`. */
function variablesOf(program: string, args: readonly Field[], input: Value): Map<string, string> {
  const known = new Map<string, string>();
  for (const [index, { text }] of args.entries()) {
    const given = /^(?:-v)?([A-Za-z_]\w*)=(.*)$/s.exec(text);
    if (given && (text.startsWith("-v") || args[index - 1]?.text === "-v"))
      known.set(given[1] ?? "", given[2] ?? "");
  }
  for (const [, name = "", code = ""] of firsts(program, ASSIGNED)) {
    const value = assembled(code, input, known);
    if (!value.dynamic) known.set(name, value.text);
  }
  return known;
}

function assembled(code: string, input: Value, known: ReadonlyMap<string, string> = new Map()): Value {
  const item = input.items?.[0] ?? /^[^\s$]+/.exec(input.text)?.[0] ?? "$item";
  let isKnown = false;
  let text = "";
  for (const [part, quoted] of firsts(code, new RegExp(String.raw`${TEXT}|\$\w+|\b[A-Za-z_]\w*\b`, "g"))) {
    const value = quoted !== undefined ? plain(quoted).replace(/%s/g, item) : known.get(part);
    if (value !== undefined) isKnown = true;
    text = concat(text, value ?? (part.startsWith("$") ? item : "$item"));
  }
  return isKnown ? { ...UNKNOWN, text, dynamic: false } : UNKNOWN;
}

const plain = (text: string): string => text.replace(/\\n/g, "\n").replace(/\\(.)/g, "$1");

function firsts(code: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of code.matchAll(pattern)) {
    if (found.push(match) === MAX_CALLS) break;
  }
  return found;
}
