import { has, readArgs, texts, type Args } from "../args.js";
import type { Field, Invocation } from "../model.js";
import type { Rule } from "./rule.js";

const MAIN = /^(?:refs\/heads\/)?(?:main|master|trunk|production|prod|release|develop)$/;

interface GitCommand {
  readonly verb: string;
  readonly args: Args;
  readonly words: readonly string[];
}

/** Flags with a value, which may be glued to them: `git switch -cfix-login` forces nothing. */
const VALUED: Readonly<Record<string, readonly string[]>> = {
  switch: ["-c", "-C"],
  checkout: ["-b", "-B"],
  restore: ["-s"],
  branch: ["-u", "-t"],
  worktree: ["-b", "-B"],
  stash: ["-m"],
  clean: ["-e"],
  push: ["-o"],
  tag: ["-m", "-F", "-u"],
  rm: [],
};

/** The subcommand of a git call behind `-C dir`, `-c key=value` and the like. */
function gitCommand({ name, args }: Invocation): GitCommand | undefined {
  if (name !== "git" && name !== "hub")
    return name.startsWith("git-")
      ? { verb: name.slice(4), args: readArgs(args), words: texts(args) }
      : undefined;
  let index = 0;
  while (args[index]?.text.startsWith("-"))
    index += /^(?:-C|-c|--git-dir|--work-tree|--namespace)$/.test(args[index]?.text ?? "") ? 2 : 1;
  const rest = args.slice(index + 1);
  const verb = args[index]?.text ?? "";
  return { verb, args: readArgs(rest, VALUED[verb] ?? ["-m", "-b", "-e", "-o"]), words: texts(rest) };
}

const flagStarts = (args: Args, start: string): boolean =>
  [...args.flags].some((flag) => flag.startsWith(start));

function rewritesHistory({ verb, args, words }: GitCommand): string | undefined {
  if (verb === "filter-branch" || verb === "filter-repo") return "it rewrites every commit";
  if (verb === "update-ref" && (has(args, "-d") || has(args, "--stdin")))
    return "it removes references without a trace";
  if (verb === "reflog" && (words[0] === "delete" || (words[0] === "expire" && flagStarts(args, "--expire"))))
    return "it removes the record that lost commits are found by";
  if (verb !== "push") return undefined;
  if (has(args, "--mirror", "--prune")) return "it makes the remote equal to this copy and deletes the rest";
  const branches = args.operands.slice(1).map((field) => field.text);
  const removed = has(args, "-d", "--delete")
    ? branches
    : branches.filter((branch) => branch.startsWith(":")).map((branch) => branch.slice(1));
  return removed.some((branch) => MAIN.test(branch)) ? "it deletes the main branch of the remote" : undefined;
}

const UNCOMMITTED = "changes that are not committed are lost";

/** A folder, a pattern or everything; a file has a suffix, or a name that is known to be one. */
const isTree = ({ text, dynamic, glob }: Field): boolean =>
  glob ||
  /[*?]|\/$|^(?:\.{1,2}|:\/.*|:\(.*)$|(?:^|\/)\.{1,2}$/.test(text) ||
  (dynamic
    ? /\$/.test(text)
    : !/(?:^|\/)(?:[^/]*\.[^/]+|(?:[A-Z][\w-]*file|LICEN[CS]E|README|CHANGELOG|COPYING|gradlew|mvnw|configure))$/.test(
        text,
      ));

/** `checkout`, `restore` and `switch`: what they overwrite in the working tree. */
function overwritesTree({ verb, args, words }: GitCommand): string | undefined {
  if (verb !== "restore" && has(args, "-f", "--force", "--discard-changes")) return UNCOMMITTED;
  if (verb === "restore" && has(args, "--staged", "-S") && !has(args, "--worktree", "-W")) return undefined;
  if (verb === "switch" || has(args, "-p", "--patch")) return undefined;
  if (flagStarts(args, "--pathspec-from-file")) return UNCOMMITTED;
  const dashes = words.indexOf("--");
  const paths =
    dashes < 0 ? args.operands : args.operands.slice(args.operands.length - (words.length - dashes - 1));
  // Without `--`, a lone word of `checkout` may be a branch, and so may the first of several.
  const isBranch = (field: Field): boolean =>
    verb === "checkout" && dashes < 0 && !/^(?:\.{0,2}\/|\.{1,2}$|:\/|\*)|\/$/.test(field.text);
  const sure =
    dashes >= 0 || verb === "restore" ? paths : paths.filter((field, index) => !isBranch(field) || index > 0);
  return sure.some(isTree) && !has(args, "-b", "-B", "--orphan", "--track", "-t") ? UNCOMMITTED : undefined;
}

function losesWork(command: GitCommand): string | undefined {
  const { verb, args, words } = command;
  const all = args.operands.some(({ text, glob }) => glob || /^(?:\.{1,2}\/?|:\/|\*)$/.test(text));
  switch (verb) {
    case "push":
      if (has(args, "-n", "--dry-run")) return undefined;
      if (flagStarts(args, "--force") || has(args, "-f"))
        return "it replaces commits on the remote that others may have";
      if (args.operands.slice(1).some((field) => field.text.startsWith("+")))
        return "the leading '+' forces the push";
      return has(args, "-d", "--delete") || args.operands.slice(1).some((field) => field.text.startsWith(":"))
        ? "it deletes a branch or tag of the remote"
        : undefined;
    case "reset":
      return has(args, "--hard", "--merge") ? UNCOMMITTED : undefined;
    case "clean":
      return has(args, "-f", "--force") && !has(args, "-n", "--dry-run", "-i")
        ? "files that git does not track are lost"
        : undefined;
    case "checkout":
    case "restore":
    case "switch":
      return overwritesTree(command);
    case "checkout-index":
      return has(args, "-f", "--force") && has(args, "-a", "--all") ? UNCOMMITTED : undefined;
    case "read-tree":
      return has(args, "-u") && has(args, "--reset") ? UNCOMMITTED : undefined;
    case "stash":
      return words[0] === "clear" || words[0] === "drop" ? "stashed changes are lost" : undefined;
    case "gc":
    case "prune":
      return flagStarts(args, "--prune") ||
        flagStarts(args, "--expire") ||
        (has(args, "--aggressive") && flagStarts(args, "--prune"))
        ? "commits that no branch holds are lost"
        : undefined;
    case "branch":
      return (has(args, "-D") || (has(args, "-d", "--delete") && has(args, "-f", "--force"))) &&
        args.operands.some((field) => MAIN.test(field.text))
        ? "it deletes the main branch"
        : undefined;
    case "rm":
      if (has(args, "--cached", "-n", "--dry-run")) return undefined;
      if (args.operands.some(({ text }) => /^(?:\.{1,2}\/?|:\/|\*)$/.test(text)))
        return "it removes every file of the project";
      return has(args, "-f", "--force") && (has(args, "-r") || all) ? UNCOMMITTED : undefined;
    case "worktree":
      return words[0] === "remove" && has(args, "-f", "--force")
        ? "changes in that working tree are lost"
        : undefined;
    case "submodule":
      return words[0] === "deinit" && has(args, "-f", "--force")
        ? "changes in the submodule are lost"
        : undefined;
    case "notes":
      return words[0] === "prune" || words[0] === "remove" ? "notes are lost" : undefined;
    case "lfs":
      return words[0] === "prune" && has(args, "-f", "--force")
        ? "files that only this copy holds are lost"
        : undefined;
    case "svn":
      return words[0] === "reset" ? "commits of this copy are lost" : undefined;
    case "config":
      return words.some((word) =>
        /^(?:core\.(?:hookspath|fsmonitor|sshcommand)|credential\.helper)$/i.test(word),
      ) && args.operands.length > 1
        ? "it makes git run something else"
        : undefined;
    default:
      return undefined;
  }
}

export const GIT: readonly Rule[] = [
  {
    id: "git-history",
    severity: "block",
    about:
      "rewriting or erasing history: `filter-branch`, `filter-repo`, `reflog expire`, `update-ref -d`, `push --mirror`, deleting the main branch of a remote",
    remedy: "Use `git revert`, or let the user rewrite history with everybody told.",
    match(invocation) {
      if (
        invocation.name === "bfg" ||
        /\bbfg[\w.-]*\.jar\b/.test(invocation.args.map((arg) => arg.text).join(" "))
      )
        return "it rewrites every commit";
      const command = gitCommand(invocation);
      return command && rewritesHistory(command);
    },
  },
  {
    id: "git-lose-work",
    severity: "confirm",
    about:
      "losing changes or remote commits: `push --force`, `push --delete`, `reset --hard`, `clean -f`, `checkout -- src/`, `stash clear`",
    remedy: "Commit or stash first; push with a new commit instead of by force.",
    isAbout: (name) => name === "git" || name === "hub" || name.startsWith("git-"),
    match(invocation) {
      const command = gitCommand(invocation);
      return command && losesWork(command);
    },
  },
];
