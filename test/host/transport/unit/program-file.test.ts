import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  findProgram,
  headOf,
  isBinary,
  isFile,
  isFolder,
  isLink,
  mayExecute,
  shown,
} from "../../../../packages/host/src/transport/process/program-file.js";
import { programs } from "./program-kit.js";

describe("a program is found", () => {
  it("by its path, which begins in the working folder", () => {
    const { folder, at, file } = programs();
    mkdirSync(at("bin"));
    file("bin/tool", "");
    const env = { PATH: "" };
    expect(findProgram({ command: "bin/tool", cwd: folder, env })).toBe(at("bin/tool"));
    expect(findProgram({ command: "./bin/tool", cwd: folder, env })).toBe(at("bin/tool"));
    expect(findProgram({ command: at("bin/tool"), cwd: "/", env })).toBe(at("bin/tool"));
    expect(findProgram({ command: "bin/none", cwd: folder, env })).toBeUndefined();
    expect(findProgram({ command: "./bin", cwd: folder, env })).toBeUndefined();
    // With a path in it, a command is not looked for in PATH.
    expect(findProgram({ command: "bin/tool", cwd: "/", env: { PATH: folder } })).toBeUndefined();
  });

  it("by its name in the first folder of PATH that has it as a file", () => {
    const { folder, at, file } = programs();
    for (const name of ["a", "b", "c"]) mkdirSync(at(name));
    mkdirSync(at("a/tool"));
    file("b/tool", "");
    file("c/tool", "");
    const find = (PATH: string): string | undefined =>
      findProgram({ command: "tool", cwd: folder, env: { PATH } });
    expect(find([at("none"), at("a"), at("b"), at("c")].join(":"))).toBe(at("b/tool"));
    expect(find("a:c")).toBe(at("c/tool"));
    expect(find(at("a"))).toBeUndefined();
    // The system goes on after a folder that it cannot enter, as a link to itself or somebody else's home.
    symlinkSync(at("loop"), at("loop"));
    expect(find([at("loop"), at("c")].join(":"))).toBe(at("c/tool"));
    // A name that holds a backslash is a path on some systems: it is not looked for.
    file("c/to\\ol", "");
    expect(findProgram({ command: "to\\ol", cwd: folder, env: { PATH: at("c") } })).toBeUndefined();
  });

  it("in the system's folders when there is no PATH at all", () => {
    expect(findProgram({ command: "sh", cwd: "/", env: {} })).toMatch(/^(?:\/usr)?\/bin\/sh$/);
  });
});

it("control characters of a name are replaced, so that it writes on no terminal", () => {
  expect(shown("a\0b\x1b[31mc\u0085d\r\nü")).toBe("a?b?[31mc?d??ü");
});

it("a folder, a file and a link without a target are told apart", () => {
  const { folder, at, file } = programs();
  const path = file("file", "");
  symlinkSync(path, at("link"));
  symlinkSync(at("none"), at("dangling"));
  const kinds = (name: string): boolean[] => [isFolder(name), isFile(name), isLink(name)];
  expect(kinds(folder)).toEqual([true, false, false]);
  expect(kinds(path)).toEqual([false, true, false]);
  expect(kinds(at("link"))).toEqual([false, true, true]);
  expect(kinds(at("dangling"))).toEqual([false, false, true]);
  expect(kinds(at("none"))).toEqual([false, false, false]);
  expect(isLink(join(path, "below"))).toBe(false);
});

it("a file may be executed when its rights say so, and when it is there", () => {
  const { at, file } = programs();
  expect(mayExecute(file("yes", "", 0o755))).toBe(true);
  expect(mayExecute(file("no", "", 0o644))).toBe(false);
  expect(mayExecute(at("none"))).toBe(false);
});

it("the head of a file is its first 256 bytes, one character each, or nothing when it cannot be read", () => {
  const { folder, at, file } = programs();
  expect(headOf(file("short", "\x00\xffü"))).toBe("\x00\xc3\xbf\xc3\xbc");
  expect(headOf(file("long", "x".repeat(300)))).toBe("x".repeat(256));
  expect(headOf(at("none"))).toBe("");
  expect(headOf(folder)).toBe("");
  const gone = file("gone", "");
  rmSync(gone);
  expect(headOf(gone)).toBe("");
});

it("a binary begins as programs of Linux do", () => {
  const { file } = programs();
  expect(isBinary(file("elf", "\x7fELF\x02"))).toBe(true);
  expect(isBinary(file("script", "#!/bin/sh\n\x7fELF"))).toBe(false);
});
