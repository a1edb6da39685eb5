import { has, readArgs, texts } from "../args.js";
import { dynamic, literal, type Field, type Invocation } from "../model.js";
import { findRoots, filtered } from "../nested.js";
import { resolvePath } from "@synaps/guards/paths";
import { classifyPath, type PathClass, type Place } from "../paths.js";

const isLong = (flag: string, long: string): boolean => flag.length > 3 && long.startsWith(flag);

/** The paths that a command deletes with all their contents. */
export function deletedTrees({ name, args }: Invocation): readonly Field[] {
  const parsed = readArgs(args);
  switch (name) {
    case "rm":
    case "grm": {
      const recursive =
        has(parsed, "-r", "-R") || [...parsed.flags].some((flag) => isLong(flag, "--recursive"));
      return recursive ? parsed.operands : parsed.operands.filter((field) => field.glob);
    }
    case "rimraf":
    case "del-cli":
    case "trash":
      return parsed.operands;
    case "srm":
    case "shred":
      return parsed.operands;
    case "find":
      return texts(args).includes("-delete")
        ? findRoots(args).map((root) =>
            filtered(args) ? dynamic(`${root.replace(/\/$/, "")}/$item`) : literal(root),
          )
        : [];
    case "rsync":
      return has(parsed, "--delete") &&
        /(?:^|\/)(?:empty|null|blank)\w*\/?$/.test(parsed.operands[0]?.text ?? "")
        ? parsed.operands.slice(1)
        : [];
    case "mv":
      return parsed.operands[parsed.operands.length - 1]?.text === "/dev/null"
        ? parsed.operands.slice(0, -1)
        : [];
    default:
      return [];
  }
}

/** The paths that a command deletes or moves one by one. */
export function deletedFiles({ name, args }: Invocation): readonly Field[] {
  if (name === "unlink" || name === "rm" || name === "rmdir" || name === "shred")
    return readArgs(args, ["-n", "-s"]).operands;
  if (name === "mv") return readArgs(args, ["-t"]).operands.slice(0, -1);
  return [];
}

/** The paths that a command writes: redirections, `tee`, `cp`, `dd of=` and so on. */
export function writtenFiles(invocation: Invocation): readonly Field[] {
  const { name, args, redirections } = invocation;
  const redirected = redirections.filter((entry) => entry.writes).map((entry) => entry.target);
  return [...redirected, ...writtenByProgram(name, args)];
}

function writtenByProgram(name: string, args: readonly Field[]): readonly Field[] {
  const parsed = readArgs(args, ["-t", "-s", "-m", "-o", "-g", "-S"]);
  switch (name) {
    case "tee":
    case "truncate":
    case "sponge":
      return parsed.operands;
    case "cp":
    case "mv":
    case "install":
    case "rsync":
    case "ln": {
      const into = parsed.values.get("-t") ?? parsed.values.get("--target-directory");
      return into ? [into] : parsed.operands.slice(1).slice(-1);
    }
    case "dd":
    case "dcfldd":
      return args
        .filter((arg) => arg.text.startsWith("of="))
        .map((arg) => ({ ...arg, text: arg.text.slice(3) }));
    case "sed":
    case "perl":
      return [...parsed.flags].some((flag) => flag === "-i" || flag === "--in-place")
        ? parsed.operands.slice(1)
        : [];
    case "curl":
    case "wget": {
      const output = readArgs(args, name === "curl" ? ["-o"] : ["-O"]);
      return [output.values.get("-o"), output.values.get("-O"), output.values.get("--output")].filter(
        (field) => field !== undefined,
      );
    }
    default:
      return [];
  }
}

const ORDER: readonly PathClass[] = [
  "root",
  "system",
  "home",
  "protected",
  "project",
  "git",
  "outside",
  "unknown",
  "temp-root",
  "inside",
  "cache",
  "temp",
];

/** The worst of some paths by what its loss would cost. */
export function worstOf(
  fields: readonly Field[],
  invocation: Invocation,
  place: Place,
): { kind: PathClass; path: string } | undefined {
  const all = fields.map((field) => ({ kind: classifyPath(field, invocation.cwd, place), path: field.text }));
  return all.sort((left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind))[0];
}

export const absolute = (field: Field, invocation: Invocation, place: Place): string =>
  resolvePath(field.text, resolvePath(invocation.cwd, "/", place.home), place.home);
