import { expect, test } from "vitest";
import { globBase, namesOfGlob } from "../src/glob-base.js";
import { patchedFiles } from "../src/patch.js";
import { spellingsOf } from "../src/spellings.js";
import { toolKind } from "../src/tools.js";

test.each([
  ["Read", "read"],
  ["NotebookEdit", "write"],
  ["read_many_files", "read"],
  ["mcp__filesystem__read_multiple_files", "read"],
  ["mcp__filesystem__directory_tree", "list"],
  ["mcp_filesystem_move_file", "move"],
  ["MCP:delete_file", "delete"],
  ["replaceStringInFile", "write"],
  ["search_file_content", "search"],
  ["apply_patch", "patch"],
  ["Bash", undefined],
  ["run_shell_command", undefined],
  ["mcp__linear__create", undefined],
  ["mcp__mail__delete", undefined],
  ["WebSearch", undefined],
  ["TodoWrite", undefined],
  ["x".repeat(5_000), undefined],
])("%s is for %s", (name, kind) => {
  expect(toolKind(null, name, [])).toBe(kind);
  expect(toolKind(name, null, [])).toBe(kind);
});

test("a name of the agent counts before the common one", () => {
  expect(toolKind("write_file", "Create", [])).toBe("write");
  expect(toolKind("bash", "delete_file", [])).toBe("delete");
  expect(toolKind("read_file", "peek", [])).toBe("read");
});

test.each([
  ["src/**/*.ts", "src/"],
  ["*.ts", "."],
  ["~/.ssh/id*", "~/.ssh/"],
  ["a/b", "a/b"],
  ["app/[slug]/page.tsx", "app/[slug]/page.tsx"],
])("the base of %s is %s", (glob, base) => {
  expect(globBase(glob)).toBe(base);
});

test.each([
  ["**/.env*", [".env", ".env"]],
  ["{.env,a}", [".env", "a"]],
  ["*.{pem,key}", [".pem", ".key"]],
  ["id_*", ["id_", "id_rsa", "id_ed25519"]],
  ["**/*", []],
  [`{${"a,".repeat(100)}b}`, []],
])("names that %s means", (glob, names) => {
  expect(namesOfGlob(glob).filter((name) => name.length < 20)).toEqual(names);
});

test("a patch: headers with blanks and in any case, and no lines of content", () => {
  const text =
    "*** Begin Patch\r\n *** add file: a b.ts \r\n+*** Add File: no\n*** Update File: c\n*** Move to: d\n*** DELETE FILE: e\n*** End Patch";
  expect(patchedFiles(text)).toEqual([
    { operation: "write", text: "a b.ts" },
    { operation: "write", text: "c" },
    { operation: "write", text: "d" },
    { operation: "delete", text: "e" },
  ]);
});

test("a unified diff: quoted names, times, renames, new and deleted files", () => {
  const text = [
    "--- a/x\t2024-01-01",
    "+++ b/x\t2024-01-01",
    "--- a/gone",
    "+++ /dev/null",
    '--- "a/\\303\\274.txt"',
    '+++ "b/\\303\\274.txt"',
    "rename from old",
    "rename to new",
    "copy from one",
    "copy to two",
  ].join("\n");
  expect(patchedFiles(text)).toEqual([
    { operation: "write", text: "x" },
    { operation: "delete", text: "gone" },
    { operation: "write", text: "ü.txt" },
    { operation: "delete", text: "old" },
    { operation: "write", text: "new" },
    { operation: "read", text: "one" },
    { operation: "write", text: "two" },
  ]);
});

test.each([
  ["a", ["/p/a"]],
  ["~/a", ["/home/me/a"]],
  ["~me/a", ["/home/me/a"]],
  ["~root/a", ["/root/a"]],
  ["~you/a", ["/home/you/a"]],
  ["100%25", ["/p/100%25"]],
  ["file:///a%20b?x#y", ["/a b"]],
  [" a ", ["/p/ a ", "/p/a"]],
  ["'a'", ["/p/'a'", "/p/a"]],
  ["@scope/a", ["/p/@scope/a", "/p/scope/a"]],
  ["C:\\Users\\me\\.env", ["/p/C:\\Users\\me\\.env", "/Users/me/.env"]],
  ["$HOME/a", ["/p/$HOME/a", "/home/me/a"]],
])("spellings of %j", (text, paths) => {
  expect(spellingsOf(text, "/p", "/home/me")).toEqual(paths);
});
