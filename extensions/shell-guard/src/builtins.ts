import { readArgs, texts } from "./args.js";
import { UNKNOWN, type Field } from "./model.js";
import { outputOf } from "./output.js";
import { resolvePath } from "@synaps/guards/paths";
import { SOMEWHERE } from "./paths.js";
import type { Walk } from "./walk.js";

/** Applies what a builtin changes in the shell: folder, variables, aliases, arguments. */
export function runBuiltin(name: string, args: readonly Field[], walk: Walk): void {
  const { scope } = walk;
  switch (name) {
    case "cd":
    case "pushd":
    case "chdir":
      scope.cwd = changeFolder(args, scope.cwd);
      return;
    case "popd":
      scope.cwd = SOMEWHERE;
      return;
    case "export":
    case "declare":
    case "typeset":
    case "local":
    case "readonly":
      for (const [key, value] of definitions(args)) scope.variables.set(key, value);
      return;
    case "alias":
      for (const [key, value] of definitions(args)) scope.aliases.set(key, value);
      return;
    case "unalias":
      for (const text of texts(args)) scope.aliases.delete(text);
      return;
    case "unset":
      for (const text of texts(args)) scope.variables.delete(text);
      return;
    case "read":
      readVariables(args, walk);
      return;
    case "printf":
      if (args[0]?.text === "-v" && args[1])
        scope.variables.set(args[1].text, outputOf(name, args.slice(2), walk));
      return;
    case "set":
      if (args[0]?.text === "--") scope.positional = args.slice(1);
      return;
    case "curl":
    case "wget":
    case "aria2c":
      for (const file of downloadedFiles(name, args)) scope.downloads.add(resolvePath(file, scope.cwd, null));
      return;
    default:
  }
}

function changeFolder(args: readonly Field[], cwd: string): string {
  const [target] = readArgs(args).operands;
  if (!target) return "~";
  if (target.text === "-" || (target.dynamic && /^[$`]/.test(target.text))) return SOMEWHERE;
  // A known prefix is kept, because `cd /$X && rm -rf *` is as bad as it looks.
  return /^[/~]/.test(target.text) ? target.text : `${cwd}/${target.text}`;
}

/** The last name gets the whole line, which is enough to see what a later use could run. */
function readVariables(args: readonly Field[], walk: Walk): void {
  const names = texts(readArgs(args, ["-p", "-t", "-n", "-d", "-u", "-a"]).operands);
  for (const name of names) walk.scope.variables.delete(name);
  const last = names[names.length - 1];
  if (last !== undefined && walk.input.text !== "") walk.scope.variables.set(last, walk.input);
}

function definitions(args: readonly Field[]): [string, Field][] {
  return args.flatMap((field) => {
    const match = /^(\w[\w-]*)=(.*)$/s.exec(field.text);
    return match?.[1] === undefined ? [] : [[match[1], { ...UNKNOWN, ...field, text: match[2] ?? "" }]];
  });
}

function downloadedFiles(name: string, args: readonly Field[]): string[] {
  const parsed = readArgs(args, name === "wget" ? ["-O", "-P"] : ["-o", "-H", "-X", "-d", "-u", "-A", "-e"]);
  const named =
    parsed.values.get(name === "wget" ? "-O" : "-o") ??
    parsed.values.get("--output") ??
    parsed.values.get("--output-document");
  if (named) return [named.text];
  const keepsName = name !== "curl" || parsed.flags.has("-O") || parsed.flags.has("--remote-name");
  return keepsName ? parsed.operands.map(({ text }) => text.replace(/[?#].*$/, "").replace(/^.*\//, "")) : [];
}
