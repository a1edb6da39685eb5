import { readArgs, texts } from "./args.js";
import { literal, UNKNOWN, type Field, type Value } from "./model.js";
import { SOME_PROJECT } from "./paths.js";

const GIT_FOLDER = /^--(?:git-dir|absolute-git-dir|git-common-dir|git-path)$/;

/** Files that git lists: all of the project, or those that hold changes that are nowhere else. */
export function gitOutput(args: readonly Field[]): Value {
  const words = texts(args);
  const [verb = ""] = words;
  if (verb === "rev-parse" && words[1] === "--show-toplevel") return literal(SOME_PROJECT);
  if (verb === "rev-parse" && words.some((word) => GIT_FOLDER.test(word)))
    return literal(words.includes("--git-path") ? `.git/${words[words.length - 1] ?? ""}` : ".git");
  const paths = readArgs(args.slice(1), ["-x", "-X"]).operands.map((field) => field.text);
  if (verb === "ls-files") {
    if (
      words.some((word) =>
        /^(?:-[a-z]*[modu][a-z]*|--modified|--others|--deleted|--unmerged|--killed)$/.test(word),
      )
    )
      return { ...UNKNOWN, items: ["$listed"] };
    return {
      ...UNKNOWN,
      items: paths.length === 0 ? ["./*"] : paths.map((path) => (/[*?]/.test(path) ? path : `${path}/*`)),
    };
  }
  if (verb === "ls-tree") return { ...UNKNOWN, items: ["./*"] };
  const listsChanges =
    (verb === "diff" &&
      words.some((word) => /^--name-(?:only|status)$/.test(word)) &&
      !words.some((word) => /^--(?:cached|staged)$/.test(word))) ||
    (verb === "status" && words.some((word) => /^(?:-s|--short|--porcelain\S*|-sb|-z)$/.test(word)));
  return listsChanges ? { ...UNKNOWN, items: ["$listed"] } : UNKNOWN;
}
