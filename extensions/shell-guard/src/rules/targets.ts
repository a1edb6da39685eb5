import { has, readArgs, texts } from "../args.js";
import type { Field, Invocation } from "../model.js";
import { lastKept } from "../remembered.js";
import { deletedByFind } from "../launch/find.js";
import { resolvePath } from "@synaps/guards/paths";
import { byLoss, classifyPath, type PathClass, type Place } from "../paths.js";

const isLong = (flag: string, long: string): boolean => flag.length > 3 && long.startsWith(flag);

/** The paths that a command deletes with all their contents. */
export const deletedTrees = lastKept(({ name, args }: Invocation): readonly Field[] => {
  if (!TREES.has(name)) return [];
  const parsed = readArgs(args);
  switch (name) {
    case "rm":
    case "grm":
    case "srm":
    case "wipe":
    case "shred":
    case "gshred": {
      const recursive =
        has(parsed, "-r", "-R") || [...parsed.flags].some((flag) => isLong(flag, "--recursive"));
      return recursive ? parsed.operands : parsed.operands.filter((field) => field.glob);
    }
    case "unlink":
      return parsed.operands.filter((field) => field.glob);
    case "rimraf":
    case "del-cli":
      return parsed.operands;
    case "find":
      return deletedByFind(args);
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
});

/** Programs that can delete a folder with all that it holds. */
const TREES = new Set("rm grm srm wipe shred gshred unlink rimraf del-cli find rsync mv".split(" "));

/** The paths that a command deletes or moves one by one. */
export const deletedFiles = lastKept(({ name, args }: Invocation): readonly Field[] => {
  if (/^(?:unlink|g?rm|rmdir|srm|wipe|g?shred|trash|trash-put)$/.test(name))
    return readArgs(args, name.endsWith("shred") ? ["-n", "-s"] : []).operands;
  if (name === "gio") return args[0]?.text === "trash" ? readArgs(args).operands.slice(1) : [];
  if (name === "mv" || name === "gmv") {
    const parsed = readArgs(args, ["-t", "-S"]);
    return parsed.values.has("-t") || parsed.values.has("--target-directory")
      ? parsed.operands
      : parsed.operands.slice(0, -1);
  }
  return name === "rsync" && texts(args).includes("--remove-source-files")
    ? readArgs(args).operands.slice(0, -1)
    : [];
});

export interface Judged {
  readonly kind: PathClass;
  /** As the command names it. */
  readonly path: string;
}

/** The worst of some paths by what its loss would cost. */
export function worstOf(fields: readonly Field[], invocation: Invocation, place: Place): Judged | undefined {
  if (fields.length === 0) return undefined;
  const all = fields.map((field) => ({ kind: classifyPath(field, invocation.cwd, place), path: field.text }));
  return all.sort((left, right) => byLoss(left.kind, right.kind))[0];
}

export const absolute = (field: Field, invocation: Invocation, place: Place): string =>
  resolvePath(field.text, resolvePath(invocation.cwd, "/", place.home), place.home);
