import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { spawnChild, type SpawnRequest } from "../../../../packages/host/src/transport/process/child.js";
import {
  exitDiagnosis,
  spawnError,
  startClue,
} from "../../../../packages/host/src/transport/process/diagnose.js";
import { PipePool } from "../../../../packages/host/src/transport/process/pipes.js";
import { ownPlatform } from "../../../../packages/host/src/transport/process/platform/select.js";
import { systemClock } from "../../../../packages/host/src/time/clock.js";
import { variant } from "../../../e2e/host/support/fixture.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";

const PATH = process.env["PATH"] ?? "";

function start(parts: Partial<SpawnRequest>) {
  const lines: string[] = [];
  const onStderrLine = (line: string): void => void lines.push(line);
  const request = { command: "true", args: [], cwd: "/", env: { PATH }, onStderrLine, ...parts };
  const pipes = new PipePool();
  const child = spawnChild(request, ownPlatform(request.env), systemClock, pipes, () => {});
  child.stdout.resume();
  onTestFinished(() => {
    child.release();
    pipes.close();
  });
  return { child, request, lines };
}

async function refusal(parts: Partial<SpawnRequest>) {
  const { child, request } = start(parts);
  const exit = await child.exited;
  expect(exit.error).toBeDefined();
  return spawnError("x", request, exit, undefined);
}

function script(content: string | Buffer, mode = 0o755): string {
  const path = join(tempDir(), "main.py");
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** A link to nowhere. */
function linked(): string {
  const folder = tempDir();
  symlinkSync(join(folder, "gone"), join(folder, "python"));
  return join(folder, "python");
}

describe("a start that the system refuses says the reason", () => {
  it.each([
    [
      "an interpreter that is not there",
      () => script("#!/opt/nowhere/python3 -u\n"),
      "'/opt/nowhere/python3', which does not exist",
    ],
    [
      "one with a carriage return",
      () => script("#!/usr/bin/env\r\nprint(1)\r\n"),
      "ends with a carriage return",
    ],
    [
      "an interpreter that is a dangling link",
      () => script(`#!${linked()}\n`),
      "a link to a file that does not exist",
    ],
    [
      "an interpreter of an interpreter",
      () => script(`#!${script("#!/opt/nowhere/sh\n")}\n`),
      "'/opt/nowhere/sh', which does not exist",
    ],
    [
      "a loader that is not there",
      () => script(elfWithLoader("/opt/nowhere/ld.so")),
      "built for another system",
    ],
  ])("%s", async (_, make, words) => {
    const error = await refusal({ command: make() });
    expect(error.code).toBe("SPAWN_INTERPRETER_NOT_FOUND");
    expect(error.message).toContain(words);
    expect(error.message).not.toMatch(/not found|\p{Cc}/u);
  });

  it("an interpreter that is a folder", async () => {
    const folder = tempDir();
    const error = await refusal({ command: script(`#!${folder}\n`) });
    expect(error.code).toBe("SPAWN_NOT_EXECUTABLE");
    expect(error.message).toContain(`names the interpreter '${folder}', which is a folder`);
  });

  it("a command that is a dangling link", async () => {
    const error = await refusal({ command: linked() });
    expect(error.code).toBe("SPAWN_COMMAND_NOT_FOUND");
    expect(error.message).toContain("is a link to a file that does not exist");
  });

  it("a whole command line in place of a command", async () => {
    const error = await refusal({ command: "sh -c true" });
    expect([error.code, error.hint]).toEqual([
      "SPAWN_COMMAND_NOT_FOUND",
      expect.stringContaining("here 'sh', and the rest in 'args'"),
    ]);
  });

  it("an interpreter that may not be executed", async () => {
    const error = await refusal({ command: script(`#!${script("", 0o644)}\n`) });
    expect([error.code, error.hint]).toEqual(["SPAWN_NOT_EXECUTABLE", expect.stringContaining("chmod +x")]);
    expect(error.message).toContain("names the interpreter");
  });

  it("a folder in place of a program", async () => {
    const folder = tempDir();
    mkdirSync(join(folder, "server"));
    const error = await refusal({ command: "./server", cwd: folder });
    expect([error.code, error.message]).toEqual([
      "SPAWN_NOT_EXECUTABLE",
      expect.stringContaining("is a folder"),
    ]);
  });

  it("a script of PATH, found as the system finds it", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "server"), "#!/opt/nowhere/sh\n", { mode: 0o755 });
    const error = await refusal({ command: "server", env: { PATH: `/none:${folder}` } });
    expect(error.message).toContain(`'${join(folder, "server")}' names the interpreter`);
  });

  it.each([
    ["E2BIG", { args: ["x".repeat(3_000_000)] }, "too long together"],
    ["ENOTDIR", { command: "/dev/null/server" }, "is no folder"],
    ["ENAMETOOLONG", { command: `/${"x".repeat(5_000)}` }, "is too long"],
  ])("%s", async (errno, parts, words) => {
    const error = await refusal(parts);
    expect([error.code, error.message]).toEqual(["SPAWN_FAILED", expect.stringContaining(`(${errno})`)]);
    expect(error.message).toContain(words);
    expect(error.message.length).toBeLessThan(300);
  });

  it.each([
    ["its command", { command: "tr\0ue" }],
    ["argument 2 of its command", { args: ["a", "b\0c"] }],
    ["the name of its folder", { cwd: "/t\0mp" }],
    ["the environment variable 'A'", { env: { PATH, A: "\0" } }],
  ])("a NUL character in %s", async (place, parts) => {
    const error = await refusal(parts);
    expect([error.code, error.message]).toEqual([
      "SPAWN_FAILED",
      `Failed to spawn extension 'x': ${place} holds a NUL character, which no program can be given`,
    ]);
  });
});

it.each([
  ["a carriage return behind env's program", "#!/usr/bin/env python3\r\n", "ends with a carriage return"],
  [
    "a program that env does not find",
    "#!/usr/bin/env no-such-python\n",
    "is run by 'no-such-python', which is not on PATH",
  ],
])("an exit names %s", async (_, content, words) => {
  const { child } = start({ command: script(content) });
  expect((await child.exited).code).toBe(127);
  expect(exitDiagnosis(child, "starting")).toContain(words);
});

describe("an exit of a file that a shell read in the system's stead names the cause", () => {
  const foreign = (): Buffer => {
    const file = elfWithLoader("/lib/ld.so");
    file.writeUInt16LE(process.arch === "arm64" ? 62 : 183, 18);
    return file;
  };
  it.each([
    ["a program for another machine", foreign(), "is a program for another system"],
    ["a program for another system", Buffer.from("\xcf\xfa\xed\xfe\0\0\0\n", "latin1"), "or damaged"],
    ["a byte order mark", Buffer.from("\ufeff#!/bin/sh\nexit 0\n"), "begins with a byte order mark"],
    ["UTF-16", Buffer.from("\ufeff#!/bin/sh\nexit 0\n", "utf16le"), "is saved as UTF-16"],
    ["an endless first line", `#!/${"x".repeat(300)}\nexit 0\n`, "is longer than the 255 bytes"],
    ["Windows line ends", "cd /\r\nfalse\r\n", "end with a carriage return"],
  ])("%s", async (_, content, words) => {
    const { child } = start({ command: script(content) });
    await child.exited;
    expect(exitDiagnosis(child, "starting")).toContain(words);
    expect(startClue(child)?.hint).toMatch(/^(?:Install a build|Save|Shorten)/);
  });

  it("Windows line ends of a script that a shell is given", async () => {
    const { child } = start({ command: "sh", args: ["-e", script("cd /\r\nfalse\r\n")] });
    await child.exited;
    expect(exitDiagnosis(child, "starting")).toContain("end with a carriage return");
  });
});

it.each([
  ["that says so", "#!/bin/sh\nexit 3\n"],
  ["behind env's options", "#!/usr/bin/env -S -i -u HOME -C / PATH=/bin:/usr/bin sh\nexit 3\n"],
  ["that names none", "exit 3\n"],
])("an exit of a sound script %s blames no interpreter", async (_, content) => {
  const { child } = start({ command: script(content) });
  await child.exited;
  expect(exitDiagnosis(child, "starting")).toBe(
    "the process exited with code 3 while starting; it wrote nothing to stderr",
  );
  expect(startClue(child)?.hint).toBeUndefined();
});

it("an exit of a sound program of this machine blames no system", async () => {
  const { child } = start({ command: process.execPath, args: ["-e", "process.exit(127)"] });
  await child.exited;
  expect(exitDiagnosis(child, "starting")).toContain("code 127 while starting; it wrote nothing");
});

describe("the last line of standard error without a line end arrives", () => {
  it("at the end of the stream", async () => {
    const { child, lines } = start({ command: "sh", args: ["-c", "echo one >&2; printf two >&2"] });
    await Promise.all([child.exited, new Promise((resolve) => child.stderr.once("end", resolve))]);
    expect(lines).toEqual(["one", "two"]);
    child.release();
    expect(lines).toEqual(["one", "two"]);
  });

  it("at the release, when a grandchild holds the pipe", async () => {
    const { child, lines } = start({ command: "sh", args: ["-c", "printf two >&2; sleep 300 & exit 1"] });
    await Promise.all([child.exited, new Promise((resolve) => child.stderr.once("data", resolve))]);
    expect(lines).toEqual([]);
    child.release();
    expect(lines).toEqual(["two"]);
  });
});

describe("a program without a free descriptor lives on, and the extension fails", () => {
  it.each(["start", "restart"])("at the %s", async (when) => {
    const folder = tempDir();
    variant(folder, "tells-itself", { id: "m" });
    const path = join(tempDir(), "program.mjs");
    const body = `import { createHost } from ${JSON.stringify(repo("packages/host/dist/index.js"))};
import { closeSync, openSync } from "node:fs";
const limits = { restartBaseMs: 1, restartCapMs: 2 };
const host = createHost({ folders: [${JSON.stringify(folder)}], baseDir: ${JSON.stringify(tempDir())}, limits });
const state = () => host.snapshot().extensions[0];
const taken = [];
const exhaust = () => {
  try { for (;;) taken.push(openSync("/dev/null", "r")); } catch {}
  // One for the files that a start reads.
  closeSync(taken.pop());
};
if (${when === "start"}) exhaust();
await host.start();
const { pid } = state().process;
if (${when === "restart"}) { exhaust(); process.kill(pid, "SIGKILL"); }
while (state().state !== "failed") await new Promise((resolve) => setTimeout(resolve, 5));
for (const fd of taken) closeSync(fd);
process.stdout.write(state().process.reason);
await host.stop();
`;
    writeFileSync(path, body);
    const limited = `ulimit -n 256; exec "$@"`;
    const program = spawn("sh", ["-c", limited, "sh", process.execPath, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => program.once("exit", resolve));
    expect([await text(program.stdout), await ended]).toEqual([
      expect.stringContaining("the host's program has no file descriptor left (EMFILE)"),
      0,
    ]);
  });
});

/** A minimal 64-bit program for this machine that names its loader. */
function elfWithLoader(loader: string): Buffer {
  const machine = { x64: 62, arm64: 183 }[process.arch as string] ?? 62;
  const name = Buffer.from(`${loader}\0`);
  const file = Buffer.alloc(120 + name.length);
  file.write("\x7fELF\x02\x01\x01", "latin1");
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(3, 64);
  file.writeUInt32LE(4, 68);
  file.writeBigUInt64LE(120n, 72);
  file.writeBigUInt64LE(BigInt(name.length), 96);
  file.writeBigUInt64LE(BigInt(name.length), 104);
  name.copy(file, 120);
  return file;
}
