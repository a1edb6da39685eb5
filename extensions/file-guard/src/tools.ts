import { globMatches } from "@synaps/sdk/protocol";
import type { ToolKind } from "./model.js";

/** A tool of the configuration: the glob of its name, and its kind; undefined for a tool that is to be let alone. */
export interface OwnTool {
  readonly glob: string;
  readonly kind: ToolKind | undefined;
}

/** Names that agents give to their file tools, in small letters with `_` between words, where the words below do not tell. */
const NAMES: Readonly<Record<ToolKind, readonly string[]>> = {
  read: [
    "read",
    "view",
    "open",
    "cat",
    "view_image",
    "read_lints",
    "send_user_file",
    "fs_read",
    "upload",
    "attach",
    "lsp",
    "notebook_read",
    "read_resource",
  ],
  list: [
    "ls",
    "list",
    "list_dir",
    "glob",
    "glob_search",
    "directory_tree",
    "list_code_definition_names",
    "find_by_name",
  ],
  search: ["grep", "grep_search", "ripgrep", "search_file_content", "search_files"],
  write: [
    "write",
    "fs_write",
    "fs_append",
    "create",
    "edit",
    "multi_edit",
    "multiedit",
    "replace",
    "str_replace",
    "strreplace",
    "search_replace",
    "edit_block",
    "insert_content",
    "search_and_replace",
    "new_rule",
    "notebook_edit",
    "edit_notebook",
  ],
  delete: ["delete", "rm", "trash"],
  move: ["move", "mv", "rename"],
  copy: ["copy", "cp"],
  edit: ["str_replace_editor", "str_replace_based_edit_tool", "text_editor", "editor", "file_editor"],
  patch: ["apply_patch", "patch", "apply_diff", "git_apply"],
};

const EXACT = new Map(
  Object.entries(NAMES).flatMap(([kind, names]) => names.map((name) => [name, kind as ToolKind] as const)),
);

/** Words of names that say what a tool does; the first kind of this order that a name has a word of counts. */
const VERBS: readonly (readonly [ToolKind, ReadonlySet<string>])[] = [
  ["patch", new Set(["patch"])],
  ["delete", new Set(["delete", "remove", "unlink", "erase", "trash", "clear"])],
  ["move", new Set(["move", "rename"])],
  ["copy", new Set(["copy", "duplicate"])],
  ["list", new Set(["info", "stat", "tree", "outline", "exists", "find", "list", "ls", "glob"])],
  [
    "write",
    new Set([
      "write",
      "create",
      "edit",
      "multiedit",
      "replace",
      "insert",
      "append",
      "update",
      "save",
      "modify",
      "make",
      "touch",
      "overwrite",
      "restore",
      "undo",
      "download",
      "put",
      "set",
      "push",
      "extract",
      "apply",
      "diff",
    ]),
  ],
  ["search", new Set(["search", "grep"])],
  [
    "read",
    new Set([
      "read",
      "view",
      "open",
      "cat",
      "get",
      "show",
      "load",
      "head",
      "tail",
      "upload",
      "send",
      "attach",
      "analyze",
      "preview",
      "fetch",
    ]),
  ],
];
const NOUNS = new Set([
  "file",
  "files",
  "path",
  "paths",
  "directory",
  "dir",
  "folder",
  "notebook",
  "image",
  "symbol",
  "lines",
  "allowed",
  "pdf",
  "tree",
  "attachment",
  "attachments",
]);

const MAX_NAME = 200;
const MAX_KEPT = 1_000;
const kept = new Map<string, ToolKind | null>();

/** True for a tool of an MCP server, which may act anywhere else than on files of this machine. */
export const isOfServer = (name: string | null): boolean =>
  name !== null && /^mcp(?:__|_|:)|[/:]/i.test(name);

/**
 * What a tool does by the name that its agent gives it (else by the common one). Undefined for tools that do nothing to files as
 * far as names tell. Names of the configuration count first.
 */
export function toolKind(
  name: string | null,
  runtimeName: string | null,
  own: readonly OwnTool[],
): ToolKind | undefined | "none" {
  for (const one of [runtimeName, name]) {
    const entry = one === null ? undefined : own.find(({ glob }) => globMatches(glob, one.toLowerCase()));
    if (entry) return entry.kind ?? "none";
  }
  const key = `${runtimeName ?? ""}\0${name ?? ""}`;
  const known = kept.get(key);
  if (known !== undefined) return known ?? undefined;
  if (kept.size >= MAX_KEPT) kept.clear();
  const found = kindByName(runtimeName) ?? kindByName(name);
  if (key.length <= 2 * MAX_NAME) kept.set(key, found ?? null);
  return found;
}

/** What a tool that is not known to handle files would do to one, by the verb in its name; a write where no word tells. */
export function guessedKind(name: string | null): ToolKind {
  const verbs = name === null || name.length > MAX_NAME ? [] : wordsOf(name);
  return VERBS.find(([, kind]) => verbs.some((word) => kind.has(word)))?.[0] ?? "write";
}

function kindByName(given: string | null): ToolKind | undefined {
  if (given === null || given.length > MAX_NAME) return undefined;
  const words = wordsOf(given);
  const name = words.join("_");
  // A server may call anything `create`, so that one word is not enough there.
  const exact = isOfServer(given) && !name.includes("_") ? undefined : EXACT.get(name);
  if (exact !== undefined) return exact;
  if (!words.some((word) => NOUNS.has(word))) return undefined;
  return VERBS.find(([, verbs]) => words.some((word) => verbs.has(word)))?.[0];
}

/** The words of a tool's name without that of its server, as in `mcp__filesystem__read_file`, `MCP:read_file` and `filesystem/read_file`. */
function wordsOf(given: string): string[] {
  const short = given.split(/__|[:/.]/).pop() ?? given;
  return short
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
