import { has, readArgs, texts, type Args } from "../args.js";
import type { Invocation } from "../model.js";
import type { Rule } from "./rule.js";

const MAIN = /^(?:refs\/heads\/)?(?:main|master|trunk|production|prod|release|develop)$/;

interface GitCommand {
  readonly verb: string;
  readonly args: Args;
  readonly words: readonly string[];
}

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
  return {
    verb: args[index]?.text ?? "",
    args: readArgs(rest, ["-m", "-b", "-e", "--push-option", "-o"]),
    words: texts(rest),
  };
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

function losesWork({ verb, args, words }: GitCommand): string | undefined {
  const all = args.operands.some((field) => /^(?:\.|:\/|\*)$/.test(field.text));
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
      return has(args, "--hard", "--merge") ? "changes that are not committed are lost" : undefined;
    case "clean":
      return has(args, "-f", "--force") && !has(args, "-n", "--dry-run", "-i")
        ? "files that git does not track are lost"
        : undefined;
    case "checkout":
    case "restore":
    case "switch":
      if (has(args, "-f", "--force", "--discard-changes")) return "changes that are not committed are lost";
      if (verb === "restore" && has(args, "--staged", "-S") && !has(args, "--worktree", "-W"))
        return undefined;
      return all && verb !== "switch" ? "changes that are not committed are lost" : undefined;
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
      return has(args, "-D") && args.operands.some((field) => MAIN.test(field.text))
        ? "it deletes the main branch"
        : undefined;
    case "rm":
      return all ? "it removes every file of the project" : undefined;
    case "worktree":
      return words[0] === "remove" && has(args, "-f", "--force")
        ? "changes in that working tree are lost"
        : undefined;
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
      "losing changes or remote commits: `push --force`, `push --delete`, `reset --hard`, `clean -f`, `checkout .`, `stash clear`",
    remedy: "Commit or stash first; push with a new commit instead of by force.",
    match(invocation) {
      const command = gitCommand(invocation);
      return command && losesWork(command);
    },
  },
];
