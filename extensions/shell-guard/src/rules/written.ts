import { has, readArgs } from "../args.js";
import type { Field, Invocation } from "../model.js";
import { lastKept } from "../remembered.js";

/** A file that a command writes, and what becomes of what it held before. */
export interface Written {
  readonly file: Field;
  /** `all`: emptied or replaced. `part`: changed in place. `none`: only added to, or a folder that gets something new. */
  readonly loses: "all" | "part" | "none";
}

const as =
  (loses: Written["loses"]) =>
  (file: Field): Written => ({ file, loses });

/** The files that a command writes: redirections, `tee`, `cp`, `dd of=` and so on. */
export const writtenFiles = lastKept((invocation: Invocation): readonly Written[] => {
  const redirected = invocation.redirections
    .filter((entry) => entry.writes)
    .map((entry) => ({ file: entry.target, loses: entry.appends ? ("none" as const) : ("all" as const) }));
  return [...redirected, ...writtenByProgram(invocation.name, invocation.args)];
});

function writtenByProgram(name: string, args: readonly Field[]): readonly Written[] {
  switch (name) {
    case "tee":
    case "sponge": {
      const parsed = readArgs(args);
      return parsed.operands.map(as(has(parsed, "-a", "--append") ? "none" : "all"));
    }
    case "truncate": {
      const parsed = readArgs(args, ["-s", "-r"]);
      const size = (parsed.values.get("-s") ?? parsed.values.get("--size"))?.text ?? "";
      return parsed.operands.map(as(/^[+>]/.test(size) ? "none" : "all"));
    }
    case "cp":
    case "gcp":
    case "mv":
    case "gmv":
    case "install":
    case "ginstall":
    case "rsync":
    case "scp":
    case "ln":
      return copied(name, args);
    case "dd":
    case "dcfldd":
      return args
        .filter((arg) => arg.text.startsWith("of="))
        .map((arg) => as("all")({ ...arg, text: arg.text.slice(3) }));
    case "sed":
    case "gsed":
    case "perl":
    case "ruby":
      return inPlace(name, args);
    case "awk":
    case "gawk":
      return args.some(({ text }, index) => text === "inplace" && args[index - 1]?.text === "-i")
        ? readArgs(args, ["-i", "-F", "-v"]).operands.slice(1).map(as("part"))
        : [];
    case "yq":
    case "ex":
    case "ed":
      return readArgs(args, ["-s"])
        .operands.slice(name === "yq" ? 1 : 0)
        .filter(() => name !== "yq" || args.some(({ text }) => /^(?:-i|--inplace)/.test(text)))
        .map(as("part"));
    case "sort": {
      const output = readArgs(args, ["-o", "-k", "-t", "-S", "-T"]).values;
      return [output.get("-o") ?? output.get("--output")]
        .filter((field) => field !== undefined)
        .map(as("all"));
    }
    case "curl":
    case "wget": {
      const { values } = readArgs(args, name === "curl" ? ["-o"] : ["-O"]);
      return [values.get("-o"), values.get("-O"), values.get("--output"), values.get("--output-document")]
        .filter((field) => field !== undefined)
        .map(as("none"));
    }
    default:
      return [];
  }
}

/** A target with a slash at its end, or without a suffix, is a folder or a program of its own name. */
const isNamedFile = (text: string): boolean => /(?:^|\/)(?:\.[\w-]+|[^/]*[^/.]\.[\w-]+)$/.test(text);

function copied(name: string, args: readonly Field[]): readonly Written[] {
  const parsed = readArgs(args, ["-t", "-m", "-o", "-g", "-S", "-e", "-P", "-i"]);
  const into = parsed.values.get("-t") ?? parsed.values.get("--target-directory");
  if (into) return [as("none")(into)];
  const target = parsed.operands.length > 1 ? parsed.operands[parsed.operands.length - 1] : undefined;
  if (!target) return [];
  const emptied = parsed.operands[0]?.text === "/dev/null";
  const keeps = has(parsed, "-n", "--no-clobber", "-b", "--backup") || /^(?:ln|rsync|scp)$/.test(name);
  return [as(emptied || (!keeps && isNamedFile(target.text)) ? "all" : "none")(target)];
}

/** `sed -i`, `sed -i.bak`, `perl -pi -e`; a backup keeps what was there. */
function inPlace(name: string, args: readonly Field[]): readonly Written[] {
  const parsed = readArgs(args, name.endsWith("sed") ? ["-e", "-f", "-i"] : ["-e", "-E", "-I", "-M", "-m"]);
  const changes = args.some(({ text }) => /^(?:-[a-zA-Z0]*i(?!nplace)|--in-place)/.test(text));
  if (!changes) return [];
  // The value of a lone `-i` is read as its suffix; with GNU sed it is the script.
  const script =
    parsed.values.has("-e") || parsed.values.has("-f") || parsed.values.has("-E") || parsed.values.has("-i")
      ? 0
      : 1;
  return parsed.operands.slice(script).map(as("part"));
}
