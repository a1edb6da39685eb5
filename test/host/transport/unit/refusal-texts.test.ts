import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { spawnError } from "../../../../packages/host/src/transport/process/diagnose.js";
import type { ExitInfo, SpawnRequest } from "../../../../packages/host/src/transport/process/start.js";
import { programs } from "./program-kit.js";

/** Everything that the error says about a refused start, its usual beginning left out. */
function refusal(
  folder: string,
  parts: Partial<SpawnRequest>,
  errno: string | undefined,
  setup?: string,
): { code: string; why: string; hint: string | undefined } {
  const request = {
    command: "main",
    args: [],
    cwd: folder,
    env: { PATH: folder },
    onStderrLine() {},
    ...parts,
  };
  const exit: ExitInfo = { code: null, signal: null, error: { code: errno, message: "spawn failed" } };
  const { code, message, hint, data } = spawnError("x", request, exit, setup);
  expect(data).toEqual({ extension: "x" });
  expect(message.startsWith("Failed to spawn extension 'x': ")).toBe(true);
  return { code, why: message.slice("Failed to spawn extension 'x': ".length), hint };
}

const CORRECT = "Correct 'command' in the manifest.";

describe("a start that was refused", () => {
  it("names the part of the request that holds a NUL character", () => {
    const { folder } = programs();
    const cases: [Partial<SpawnRequest>, string][] = [
      [{ command: "ma\0in" }, "its command"],
      [{ command: "\0", args: ["\0"] }, "its command"],
      [{ args: ["\0", "b"] }, "argument 1 of its command"],
      [{ args: ["a", "b", "c\0"], cwd: "\0" }, "argument 3 of its command"],
      [{ cwd: "/t\0mp", env: { A: "\0" } }, "the name of its folder"],
      [{ env: { A: "a", B: "b\0" } }, "the environment variable 'B'"],
      [{ env: { A: "a", "B\0\n": "b" } }, "the environment variable 'B??'"],
    ];
    for (const [parts, place] of cases)
      expect(refusal(folder, parts, "ENOENT")).toEqual({
        code: "SPAWN_FAILED",
        why: `${place} holds a NUL character, which no program can be given`,
        hint: "Correct 'command' and 'args' in the manifest.",
      });
  });

  it("names a working folder that is not there", () => {
    const { at, file } = programs();
    for (const cwd of [at("no\nne"), file("file", "")])
      expect(refusal(cwd, {}, "ENOENT")).toEqual({
        code: "SPAWN_FAILED",
        why: `its folder '${cwd.replace("\n", "?")}' does not exist`,
        hint: "Install the extension again.",
      });
  });

  it("names the reason that the system gave, with a remedy for each", () => {
    const { folder } = programs();
    const words = (errno: string): string[] => {
      const { code, why, hint } = refusal(folder, {}, errno);
      expect(code).toBe("SPAWN_FAILED");
      return [why, hint ?? ""];
    };
    expect(words("EMFILE")).toEqual([
      "the host's program has no file descriptor left (EMFILE)",
      "Close files and sockets that the program no longer needs, or raise its limit (ulimit -n).",
    ]);
    expect(words("ENFILE")).toEqual([
      "the system has no file descriptor left (ENFILE)",
      "End programs that hold many files open, or raise the system's limit.",
    ]);
    expect(words("EAGAIN")).toEqual([
      "the limit of processes is reached (EAGAIN)",
      "End processes that are not needed, or raise the limit (ulimit -u, or the container's).",
    ]);
    expect(words("ENOMEM")).toEqual([
      "the system has no memory for another process (ENOMEM)",
      "Free memory, or add some.",
    ]);
    expect(words("E2BIG")).toEqual([
      "its arguments and its environment are too long together (E2BIG)",
      "Shorten 'args', or the variables that 'env' in the manifest names.",
    ]);
    expect(words("ENOEXEC")).toEqual([
      "its program is made for another system, or is damaged (ENOEXEC)",
      "Install a build for this system.",
    ]);
    expect(words("ETXTBSY")).toEqual([
      "its program is being written just now (ETXTBSY)",
      "Start it again when that is done.",
    ]);
    expect(words("ENOTDIR")).toEqual(["a part of the path of its program is no folder (ENOTDIR)", CORRECT]);
    expect(words("ELOOP")).toEqual([
      "the path of its program leads through too many links (ELOOP)",
      "Correct the links.",
    ]);
    expect(words("ENAMETOOLONG")).toEqual(["the path of its program is too long (ENAMETOOLONG)", CORRECT]);
    expect(words("EPERM")).toEqual([
      "the system does not allow this user to run its program (EPERM)",
      "Check the rights of the file, and the rules of the sandbox or container.",
    ]);
  });

  it("is told in the system's own words when nobody knows the reason", () => {
    const { folder } = programs();
    const hint = "Check 'command' and 'args' in the manifest.";
    for (const errno of ["EOTHER", undefined])
      expect(refusal(folder, {}, errno)).toEqual({ code: "SPAWN_FAILED", why: "spawn failed", hint });
    const request = { command: "main", args: [], cwd: folder, env: {}, onStderrLine() {} };
    const { message } = spawnError("x", request, { code: 3, signal: null }, undefined);
    expect(message).toBe("Failed to spawn extension 'x': exited with code 3");
  });
});

describe("a program that the system does not find", () => {
  it("may be there without its interpreter, or be built for another loader", () => {
    const { folder, at, file } = programs();
    const main = file("main", `#!${at("none")}\n`);
    expect(refusal(folder, {}, "ENOENT")).toEqual({
      code: "SPAWN_INTERPRETER_NOT_FOUND",
      why: `'${main}' names the interpreter '${at("none")}', which does not exist`,
      hint: `Install '${at("none")}', or correct the first line of '${main}'.`,
    });
    file("main", "\x7fELF");
    expect(refusal(folder, {}, "ENOENT")).toEqual({
      code: "SPAWN_INTERPRETER_NOT_FOUND",
      why: `'${main}' is built for another system: the loader that it names does not exist`,
      hint: "Install a build for this system.",
    });
  });

  const notFound = (command: string): string => `the program '${command}' was not found (os error 2)`;

  it("is to be installed, put on PATH, or named otherwise", () => {
    const { folder, at } = programs();
    const code = "SPAWN_COMMAND_NOT_FOUND";
    expect(refusal(folder, { command: "no\nne" }, "ENOENT")).toEqual({
      code,
      why: notFound("no?ne"),
      hint: "Install 'no?ne' or put it on PATH, or correct 'command' in the manifest.",
    });
    expect(refusal(folder, { command: at("none") }, "ENOENT")).toEqual({
      code,
      why: notFound(at("none")),
      hint: "Install 'none', or correct 'command' in the manifest.",
    });
    expect(refusal(folder, { command: "bin/none" }, "ENOENT")).toEqual({
      code,
      why: notFound("bin/none"),
      hint: "Install 'none' or put it on PATH, or correct 'command' in the manifest.",
    });
  });

  it("is to be made by the extension's setup first, where it has one", () => {
    const { folder } = programs();
    expect(refusal(folder, { command: "none" }, "ENOENT", "set\tup.sh").hint).toBe(
      "Run the extension's setup script 'set?up.sh' first.",
    );
  });

  it("may be a link to nowhere", () => {
    const { folder, at } = programs();
    symlinkSync(at("none"), at("link"));
    const why = "is a link to a file that does not exist (os error 2)";
    expect(refusal(folder, { command: "./link" }, "ENOENT").why).toBe(`the program './link' ${why}`);
    expect(refusal("/", { command: at("link") }, "ENOENT").why).toBe(`the program '${at("link")}' ${why}`);
    // By its name alone it would be looked for in PATH.
    expect(refusal(folder, { command: "link" }, "ENOENT").why).toBe(notFound("link"));
  });

  it("may be a whole command line", () => {
    const { folder, file } = programs();
    file("tool", "x");
    const hint = (command: string): string | undefined => refusal(folder, { command }, "ENOENT").hint;
    const alone = "Name the program alone in 'command', here 'tool', and the rest in 'args'.";
    expect([hint("tool -x"), hint("tool \t-x y")]).toEqual([alone, alone]);
    expect(hint("./tool -x")).toBe(alone.replace("'tool'", "'./tool'"));
    expect(hint("none -x")).toBe(
      "Install 'none -x' or put it on PATH, or correct 'command' in the manifest.",
    );
    expect(hint("tool")).toBe("Install 'tool' or put it on PATH, or correct 'command' in the manifest.");
    expect(hint("tool-x")).toBe("Install 'tool-x' or put it on PATH, or correct 'command' in the manifest.");
  });
});

describe("a program that the system may not run", () => {
  const code = "SPAWN_NOT_EXECUTABLE";

  it("is a folder", () => {
    const { folder, at } = programs();
    mkdirSync(at("ma\nin"));
    expect(refusal(folder, { command: "./ma\nin" }, "EACCES")).toEqual({
      code,
      why: `'${join(folder, "ma?in")}' is a folder`,
      hint: CORRECT,
    });
  });

  it("has not the right", () => {
    const { folder, file } = programs();
    const main = file("main", "x", 0o644);
    for (const command of ["main", "./main"])
      expect(refusal(folder, { command }, "EACCES")).toEqual({
        code,
        why: `'${main}' may not be executed`,
        hint: `Run: chmod +x ${main}`,
      });
  });

  it("names an interpreter that has not the right", () => {
    const { folder, at, file } = programs();
    file("plain", "", 0o644);
    const main = file("main", `#!${at("plain")}\n`);
    expect(refusal(folder, {}, "EACCES")).toEqual({
      code,
      why: `'${main}' names the interpreter '${at("plain")}', which may not be executed`,
      hint: `Correct the first line of '${main}', or run: chmod +x ${at("plain")}`,
    });
  });

  it("lies in a folder or on a file system that forbids it", () => {
    const { folder, file } = programs();
    const main = file("main", "x");
    expect(refusal(folder, {}, "EACCES")).toEqual({
      code,
      why: `'${main}' may not be executed`,
      hint: "Check the rights of its folders, and that its file system allows programs (noexec).",
    });
  });
});
