import { readArgs, texts } from "./args.js";
import { UNKNOWN, baseName, joinWords, literal, type Field, type Value } from "./model.js";
import { resolvePath } from "@synaps/guards/paths";
import { SOME_PROJECT } from "./paths.js";
import { createScope, forkScope } from "./scope.js";
import type { Walk } from "./walk.js";

export interface Nested {
  readonly script: Value;
  readonly changes?: Partial<Walk>;
}

export const SHELLS = ["sh", "bash", "zsh", "dash", "ksh", "ash", "mksh", "fish", "rbash", "csh", "tcsh"];

/** Texts that a program hands to a shell: `bash -c`, `eval`, `ssh`, `find -exec`, stdin of a shell and so on. */
export function nestedScripts(name: string, args: readonly Field[], walk: Walk): Nested[] {
  if (SHELLS.includes(name)) return shell(args, walk);
  switch (name) {
    case "sudo":
    case "doas":
      return readArgs(args).operands.length === 0 ? [{ script: walk.input }] : [];
    case "eval":
      return [{ script: joinWords(args) }];
    case "source":
    case ".":
      return [{ script: fileContent(args[0], walk) }];
    case "su":
    case "runuser":
    case "script":
    case "flock":
    case "npx":
    case "sg":
      return afterFlag(args, ["-c", "--command", "--call"]);
    case "trap":
      return args[0] && args.length > 1 ? [{ script: args[0] }] : [];
    case "watch":
    case "entr":
      return [{ script: joinWords(readArgs(args, ["-n"]).operands) }];
    case "at":
    case "batch":
      return [{ script: walk.input }];
    case "alias":
      return args
        .filter((arg) => arg.text.includes("="))
        .map((arg) => ({ script: { ...arg, text: arg.text.replace(/^[^=]*=/, "") } }));
    case "git":
      return gitAliases(args);
    case "tmux":
    case "screen":
      return args
        .slice(1)
        .filter((arg) => arg.text.includes(" "))
        .map((script) => ({ script }));
    case "find":
    case "fd":
    case "fdfind":
      return execClauses(args);
    default:
      return elsewhere(name, args, walk);
  }
}

function shell(args: readonly Field[], walk: Walk): Nested[] {
  const parsed = readArgs(args, ["-o", "-O", "--rcfile", "--init-file"]);
  const positional = parsed.operands;
  const [first] = positional;
  if (parsed.flags.has("-c")) {
    if (!first) return [];
    const scope = forkScope(walk.scope, { positional: positional.slice(2) });
    if (positional[1]) scope.variables.set("0", positional[1]);
    return [{ script: first, changes: { scope } }];
  }
  if (!first || first.text === "-" || first.text === "/dev/stdin" || parsed.flags.has("-s"))
    return [{ script: walk.input }];
  return [{ script: fileContent(first, walk) }];
}

/** A script in a file is out of sight, unless the same command line made it. */
function fileContent(file: Field | undefined, walk: Walk): Value {
  if (!file) return UNKNOWN;
  if (file.content) return file.content;
  if (file.text === "/dev/stdin") return walk.input;
  const fetched = walk.scope.downloads.has(resolvePath(file.text, walk.scope.cwd, null));
  return fetched ? { ...UNKNOWN, origin: "network" } : UNKNOWN;
}

function afterFlag(args: readonly Field[], flags: readonly string[]): Nested[] {
  const index = args.findIndex((arg) => flags.includes(arg.text) || /^-[a-z]*c$/.test(arg.text));
  const script = index < 0 ? undefined : args[index + 1];
  const inline = args.find((arg) => /^--(?:command|call)=/.test(arg.text));
  if (inline) return [{ script: { ...inline, text: inline.text.replace(/^[^=]*=/, "") } }];
  return script ? [{ script }] : [];
}

/** `git -c alias.x='!rm -rf /' x` and `git config alias.x '!...'`. */
function gitAliases(args: readonly Field[]): Nested[] {
  return texts(args).flatMap((text) => {
    const script = /^(?:alias\.[\w-]+=)?!(.*)$/s.exec(text)?.[1];
    return script === undefined || (!text.startsWith("alias.") && args[0]?.text !== "config")
      ? []
      : [{ script: literal(script) }];
  });
}

/** The commands of `find -exec`, with `{}` standing for something below each start folder. */
function execClauses(args: readonly Field[]): Nested[] {
  const roots = findRoots(args);
  const clauses: Nested[] = [];
  args.forEach((arg, index) => {
    if (!/^(?:-exec|-execdir|-ok|-okdir|-x|-X|--exec|--exec-batch)$/.test(arg.text)) return;
    const end = args.findIndex((other, at) => at > index && (other.text === ";" || other.text === "+"));
    const words = args.slice(index + 1, end < 0 ? undefined : end);
    for (const root of roots) {
      const item = filtered(args) ? `${root}/$item` : root;
      clauses.push({ script: { ...joinWords(words.map((word) => quote(word, item))), origin: "literal" } });
    }
  });
  return clauses;
}

/** Words go back to shell text, so everything but the placeholder is quoted. */
function quote(word: Field, item: string): Field {
  const text = word.text.replaceAll("{}", item);
  return /^[\w./$~+=:@%,-]+$/.test(text)
    ? { ...word, text }
    : { ...word, text: `'${text.replaceAll("'", `'\\''`)}'` };
}

export function findRoots(args: readonly Field[]): string[] {
  const end = args.findIndex((arg) => /^[-(!]/.test(arg.text) && !/^-[HLPO]\d?$/.test(arg.text));
  const roots = args.slice(0, end < 0 ? undefined : end).filter((arg) => !arg.text.startsWith("-"));
  return roots.length > 0 ? roots.map((root) => root.text) : ["."];
}

/** Whether `find` looks for something by name, age or the like, rather than taking all there is. */
export const filtered = (args: readonly Field[]): boolean =>
  args.some(
    (arg, index) =>
      /^-(?:i?name|i?path|i?regex|[acm](?:time|min)|a?newer\w*|size|empty|user|perm|maxdepth|wholename)$/.test(
        arg.text,
      ) && !/^\.?\*$/.test(args[index + 1]?.text ?? ""),
  );

/** Commands for another machine or a container. */
function elsewhere(name: string, args: readonly Field[], walk: Walk): Nested[] {
  const scope = createScope(SOME_PROJECT);
  const input = walk.input;
  if (name === "ssh" || name === "sshpass") {
    const own = name === "ssh" ? args : args.slice(args.findIndex((arg) => baseName(arg.text) === "ssh") + 1);
    const host = own.findIndex(
      (arg, index) =>
        !arg.text.startsWith("-") && !/^-[bcDEeFIiJLlmOopQRSWw]$/.test(own[index - 1]?.text ?? ""),
    );
    const words = host < 0 ? [] : own.slice(host + 1);
    return [{ script: words.length > 0 ? joinWords(words) : input, changes: { machine: "remote", scope } }];
  }
  const texted = texts(args);
  if (name === "kubectl" || name === "oc") {
    const dashes = texted.indexOf("--");
    return texted[0] === "exec" && dashes > 0 ? container(args.slice(dashes + 1), scope) : [];
  }
  if (name === "docker" || name === "podman" || name === "docker-compose") {
    const at = texted.findIndex((text) => text === "exec" || text === "run");
    const own = readArgs(args.slice(at + 1), [
      "-e",
      "-u",
      "-w",
      "-v",
      "-p",
      "--name",
      "--user",
      "--workdir",
      "--network",
      "--entrypoint",
      "--env",
      "--mount",
      "--platform",
      "--env-file",
    ]);
    const first = args.indexOf(own.operands[0] as Field);
    return at < 0 || first < 0 ? [] : container(args.slice(first + 1), scope);
  }
  return [];
}

function container(words: readonly Field[], scope: Walk["scope"]): Nested[] {
  const script = joinWords(words.map((word) => quote(word, "{}")));
  return words.length > 0 ? [{ script, changes: { machine: "container", scope } }] : [];
}
