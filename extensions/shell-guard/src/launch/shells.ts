import { readArgs } from "../args.js";
import { contentOf } from "../files.js";
import { joinWords, literal, UNKNOWN, type Field, type Value } from "../model.js";
import { forkScope } from "../scope.js";
import type { Walk } from "../walk.js";
import { readCarrier, type Carrier } from "./carrier.js";
import type { Launch } from "./launch.js";

export const SHELLS: readonly string[] = [
  "sh", "bash", "zsh", "dash", "ksh", "ksh93", "ash", "mksh", "fish", "rbash", "csh", "tcsh", "yash", "elvish",
]; // prettier-ignore

const OPTIONS: Carrier = { short: "oO", long: ["--rcfile", "--init-file"] };

/** The script of a shell: behind `-c`, in a file that this command line wrote, or on standard input. */
export function inShell(args: readonly Field[], walk: Walk): Launch[] {
  const own = args.filter((arg) => !/^\+[A-Za-z]$/.test(arg.text));
  const { words: operands, flags } = readCarrier(own, OPTIONS) ?? { words: [], flags: new Set() };
  const [first, second, ...others] = operands;
  if (flags.has("-c")) {
    if (!first) return [];
    const scope = forkScope(walk.scope, { positional: others, endsOnFailure: flags.has("-e") });
    if (second) scope.variables.set("0", second);
    return [{ script: first, changes: { scope } }];
  }
  if (!first || flags.has("-s") || /^(?:-|\/dev\/stdin|\/proc\/self\/fd\/0)$/.test(first.text))
    return [{ script: walk.input, changes: { scope: forkScope(walk.scope, { positional: operands }) } }];
  const scope = forkScope(walk.scope, { positional: operands.slice(1) });
  return [{ script: scriptIn(first, walk), changes: { scope } }];
}

/** What a script file holds, as far as this command line made it. */
export function scriptIn(file: Field | undefined, walk: Walk): Value {
  if (!file) return UNKNOWN;
  if (file.text === "/dev/stdin") return walk.input;
  return file.content ?? contentOf(file.text, walk.scope) ?? UNKNOWN;
}

const ARITHMETIC = /(?:\$\(|`)/;

/** Builtins that read their words as shell text or as arithmetic, in which an index such as `a[$(cmd)]` runs a command. */
export function inBuiltin(name: string, args: readonly Field[], walk: Walk): Launch[] | undefined {
  switch (name) {
    case "eval":
      return [{ script: joinWords(args) }];
    case "source":
    case ".":
      return [{ script: scriptIn(args[0], walk) }];
    case "trap":
      return args[0] && args.length > 1 ? [{ script: args[args[0].text === "--" ? 1 : 0] ?? UNKNOWN }] : [];
    case "alias":
      return args
        .filter((arg) => arg.text.includes("="))
        .map((arg) => ({ script: { ...arg, text: arg.text.replace(/^[^=]*=/, "") } }));
    case "at":
    case "batch":
      return [{ script: fileOf(args, "-f", walk) ?? walk.input }];
    case "let":
    case "declare":
    case "typeset":
    case "local":
    case "unset":
    case "read":
    case "printf":
    case "test":
    case "[":
      return args
        .filter(
          (arg) => ARITHMETIC.test(arg.text) && (name === "let" || arg.text.includes("[")) && !arg.dynamic,
        )
        .slice(0, 8)
        .map((arg) => ({ script: literal(`: "${arg.text.replaceAll('"', "")}"`) }));
    default:
      return undefined;
  }
}

function fileOf(args: readonly Field[], flag: string, walk: Walk): Value | undefined {
  const file = readArgs(args, [flag]).values.get(flag);
  return file && scriptIn(file, walk);
}

/** The recipes of a makefile that this command line wrote, and of `--eval`. */
export function inMakefile(args: readonly Field[], walk: Walk): Launch[] {
  const { values } = readArgs(args, ["-f", "-C", "-j", "-o", "-W", "-I", "--file", "--makefile", "--eval"]);
  const file = values.get("-f") ?? values.get("--file") ?? values.get("--makefile");
  const texts = [
    file
      ? (file.text === "-" ? walk.input : scriptIn(file, walk)).text
      : (contentOf("Makefile", walk.scope)?.text ?? ""),
    values.get("--eval")?.text ?? "",
  ];
  return texts.flatMap((text) =>
    text
      .slice(0, 20_000)
      .split("\n")
      .map(
        (line) =>
          /^\t[-@+]*(.*)$/.exec(line)?.[1] ?? /^[^#=\t][^#=]*?:[^;=]*;[-@+\s]*(.*)$/.exec(line)?.[1] ?? "",
      )
      .filter((line) => line !== "")
      .slice(0, 32)
      .map((line) => ({ script: literal(line.replaceAll("$$", "$")) })),
  );
}
