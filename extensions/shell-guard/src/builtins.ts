import { readArgs, texts } from "./args.js";
import { contentOf, DOWNLOADED, keepContent } from "./files.js";
import { itemField, literal, UNKNOWN, type Field, type Value } from "./model.js";
import { outputOf } from "./output.js";
import { resolvePath } from "@synaps/guards/paths";
import { SOMEWHERE } from "./paths.js";
import type { Scope } from "./scope.js";
import { sourceOf } from "./sources.js";
import type { Walk } from "./walk.js";

/** Applies what a builtin changes in the shell: folder, variables, aliases, arguments. */
export function runBuiltin(name: string, args: readonly Field[], walk: Walk): void {
  const { scope } = walk;
  switch (name) {
    case "cd":
    case "pushd":
    case "chdir":
      changeFolder(args, walk);
      return;
    case "popd":
      scope.cwd = SOMEWHERE;
      scope.otherCwd = undefined;
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
      readVariables(readArgs(args, ["-p", "-t", "-n", "-N", "-d", "-u", "-a", "-i"]).operands, walk);
      return;
    case "printf":
      if (args[0]?.text === "-v" && args[1])
        scope.variables.set(args[1].text, outputOf(name, args.slice(2), walk));
      return;
    case "set":
      if (args[0]?.text === "--") scope.positional = args.slice(1);
      else if (/^-\w*e/.test(args[0]?.text ?? "") || texts(args.slice(0, 2)).join(" ") === "-o errexit")
        scope.endsOnFailure = true;
      else if (/^\+\w*e/.test(args[0]?.text ?? "")) scope.endsOnFailure = false;
      return;
    case "mkdir":
      for (const { text } of readArgs(args, ["-m"]).operands)
        scope.made.add(resolvePath(text, scope.cwd, null));
      return;
    case "mapfile":
    case "readarray":
      readVariables(readArgs(args, ["-d", "-n", "-O", "-s", "-u", "-C", "-c"]).operands, walk);
      return;
    case "curl":
    case "wget":
    case "aria2c":
      for (const file of downloadedFiles(name, args)) keepContent(file, DOWNLOADED, scope);
      return;
    case "tee":
      for (const { text } of readArgs(args).operands)
        keepContent(
          text,
          walk.input,
          scope,
          args.some((arg) => arg.text === "-a"),
        );
      return;
    case "cp":
    case "mv":
    case "install":
    case "ln":
      copyContent(args, walk);
      return;
    case "tar":
    case "gtar":
    case "bsdtar":
    case "zip":
    case "7z":
      packContent(name, args, walk);
      return;
    default:
  }
}

/** Folders that are there, so that changing to them cannot fail. */
const THERE = /^(?:\/|~|\/tmp|\/tmp\/tmp\.scratch|\.{1,2}(?:\/\.\.)*)\/?$/;

function changeFolder(args: readonly Field[], { scope }: Walk): void {
  const [target] = readArgs(args.filter((arg) => arg.text !== "-P" && arg.text !== "-L")).operands;
  const before = scope.cwd;
  scope.cwd = folderAfter(target, before);
  const isThere =
    !target ||
    THERE.test(target.text) ||
    scope.cwd === SOMEWHERE ||
    scope.made.has(resolvePath(target.text, before, null));
  scope.otherCwd = isThere || scope.endsOnFailure ? undefined : (scope.otherCwd ?? before);
}

function folderAfter(target: Field | undefined, cwd: string): string {
  if (!target) return "~";
  if (target.text === "-" || (target.dynamic && /^[$`]/.test(target.text))) return SOMEWHERE;
  // A known prefix is kept, because `cd /$X && rm -rf *` is as bad as it looks.
  return /^[/~]/.test(target.text) ? target.text : `${cwd}/${target.text}`;
}

/** A copy of a file that this command line wrote holds the same. */
function copyContent(args: readonly Field[], { scope }: Walk): void {
  const { operands } = readArgs(args, ["-t", "-m", "-o", "-g"]);
  const last = operands[operands.length - 1];
  for (const { text } of operands.slice(0, -1)) {
    if (!last) continue;
    const content = contentOf(text, scope) ?? readFrom(text, scope);
    keepContent(last.text, content, scope);
    keepContent(`${last.text}/${text.slice(text.lastIndexOf("/") + 1)}`, content, scope);
  }
}

const readFrom = (path: string, { cwd }: Scope): Value => ({
  ...UNKNOWN,
  sources: [sourceOf(literal(path), cwd)],
});

/** An archive holds what it was made of. */
function packContent(name: string, args: readonly Field[], { scope }: Walk): void {
  const isTar = name.endsWith("tar");
  if (isTar && !texts(args).some((word, index) => /^-?[a-zA-Z]*c|^--create$/.test(word) && index < 2)) return;
  const { operands, values } = readArgs(args, isTar ? ["-f", "-C"] : []);
  const words = operands.filter(({ text }, index) => index > 0 || !/^(?:c\w*|a)$/.test(text));
  const named = values.get("-f") ?? words[0];
  if (!named) return;
  const packed = words.filter((field) => field !== named).slice(0, 16);
  keepContent(named.text, { ...UNKNOWN, sources: packed.map((field) => sourceOf(field, scope.cwd)) }, scope);
}

/** The last name gets the whole line, which is enough to see what a later use could run. */
function readVariables(fields: readonly Field[], walk: Walk): void {
  const names = texts(fields);
  for (const name of names) walk.scope.variables.delete(name);
  const last = names[names.length - 1];
  if (last === undefined) return;
  const { items } = walk.input;
  const item = items?.find((text) => /^(?:[/~]|\.\.)/.test(text)) ?? items?.[0];
  if (item !== undefined) walk.scope.variables.set(last, itemField(item));
  else if (walk.input.text !== "") walk.scope.variables.set(last, walk.input);
  // Not known, but what it was read from is.
  else if (walk.input.sources)
    walk.scope.variables.set(last, { ...UNKNOWN, text: `$${last}`, sources: walk.input.sources });
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
