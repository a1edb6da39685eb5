import { texts } from "./args.js";
import type { Field } from "./model.js";
import { resolvePath } from "@synaps/guards/paths";
import { contentOf } from "./files.js";
import { keptByName } from "./remembered.js";
import type { Scope } from "./scope.js";
import type { Walk } from "./walk.js";

/** Marks that stand for a listing instead of a file. No path can begin like them. */
export const ENVIRONMENT = "?environment";
export const ALL_CONTAINERS = "?containers";
export const ALL_KEYS = "?keys";
export const DUMP = "?dump";
export const SECRET_STORE = "?secrets";

/** They tell about their input or their operands, and hand nothing of it on. */
const TELLS_NOTHING =
  /^(?:ls|stat|find|fd|echo|printf|wc|test|\[|file|du|df|realpath|readlink|dirname|basename|rm|mv|cp|ln|mkdir|touch|chmod|chown|cksum|sum|md5sum|b2sum|sha\d+sum|shasum|true|false|which|type|command|cd|ssh|ssh-add|curl|wget|git|npm|docker|export|set)$/;
const MAX_OPERANDS = 32;

/** The path of a file that is read: absolute, or below `~` as long as nobody knows the home folder. */
export const sourceOf = (file: Field, cwd: string): string =>
  file.text.startsWith("~") ? file.text : resolvePath(file.text, cwd, null);

/** Where the output of a program comes from: the files that its operands name, its input, or what it lists. */
export function sourcesRead(name: string, args: readonly Field[], walk: Walk): string[] {
  const words = texts(args);
  const told = [...(walk.input.sources ?? []), ...args.flatMap((arg) => arg.sources ?? [])];
  const { kind, secrets, tellsNothing } = readerOf(name);
  if (kind === "echo") return args.flatMap((arg) => arg.sources ?? []);
  if (kind === "environment" || (kind === "definitions" && !words.some((word) => !/^-[px]+$/.test(word))))
    return [ENVIRONMENT, ...told];
  if (kind === "containers" && listsContainers(words)) return [ALL_CONTAINERS];
  if (kind === "keys" && words.some((word) => /^(?:--scan|keys)$/i.test(word))) return [ALL_KEYS];
  if (kind === "dump") return [DUMP];
  if (secrets.some((asks) => words.some((word) => asks.test(word)))) return [SECRET_STORE];
  if (tellsNothing) return [];
  const files = args
    .slice(0, MAX_OPERANDS)
    .flatMap((arg) => [...fileOf(arg, walk.scope.cwd), ...(copiedFrom(arg.text, walk.scope) ?? [])]);
  return [...files, ...told];
}

/** What the file in a word was copied from, if the same command line made it: `/tmp/x`, `f=@/tmp/x`, `-T/tmp/x`. */
export function copiedFrom(text: string, scope: Scope): readonly string[] | undefined {
  if (scope.files.size === 0 || text.length > 4_000) return undefined;
  const names = [text, text.slice(text.search(/[@<=]/) + 1).replace(/^@/, ""), text.replace(/^-\w/, "")];
  const parts = names.flatMap((name) => [name, name.replace(/[;,].*$/s, "")]).filter((name) => name !== "");
  return parts.map((name) => contentOf(name, scope)?.sources).find((sources) => sources !== undefined);
}

/** Programs that print keys or passwords when they are asked so. */
const STORES: readonly (readonly [RegExp, RegExp])[] = [
  [/^gpg2?$/, /^--export-secret-(?:sub)?keys$/],
  [/^security$/, /^(?:find-(?:generic|internet)-password|dump-keychain)$/],
  [
    /^(?:pass|gopass|op|bw|lpass|chamber|doppler|infisical|secret-tool|keyring)$/,
    /^(?:show|read|get|item|export|download|lookup|secrets)$/,
  ],
  [/^vault$/, /^(?:get|read)$/],
  [/^aws$/, /^(?:get-secret-value|export-credentials)$/],
  [/^gcloud$/, /^(?:access|print-access-token)$/],
  [/^(?:kubectl|oc)$/, /^secrets?(?:\/.*)?$/],
];

/** Programs whose output comes from elsewhere than from the files that they name. */
const KINDS = {
  echo: /^(?:echo|printf)$/,
  environment: /^(?:printenv|env)$/,
  definitions: /^(?:export|declare|set)$/,
  containers: /^(?:docker|podman)$/,
  keys: /^(?:redis|valkey|keydb)-cli$/,
  dump: /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mydumper)$/,
} as const;
type Kind = keyof typeof KINDS;

/** All that the name of a program says about where its output comes from. */
const readerOf = keptByName((name) => ({
  kind: (Object.keys(KINDS) as Kind[]).find((kind) => KINDS[kind].test(name)),
  secrets: STORES.filter(([program]) => program.test(name)).map(([, word]) => word),
  tellsNothing: TELLS_NOTHING.test(name),
}));

/** All containers or images of the machine: no filter narrows the list. */
const listsContainers = (words: readonly string[]): boolean =>
  /^(?:ps|ls|list|images)$/.test(
    (/^(?:container|image)$/.test(words[0] ?? "") ? words[1] : words[0]) ?? "",
  ) && !words.some((word) => /^(?:-[a-zA-Z]*f|--filter)/.test(word));

/** True for a file that holds a database, by its name. */
export const isDump = (path: string): boolean =>
  /\.(?:sql|dump|bak|pgdump)(?:\.(?:gz|bz2|xz|zst|lz4|zip))?$/i.test(path);

function fileOf(arg: Field, cwd: string): string[] {
  const text = arg.text.replace(/^-{1,2}[\w-]+=|^(?:if=|@)/, "");
  if (arg.content?.sources) return [...arg.content.sources];
  return text === "" || text.startsWith("-") || text.includes("\n") ? [] : [sourceOf({ ...arg, text }, cwd)];
}
