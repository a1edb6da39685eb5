import { describe, expect, it } from "vitest";
import { exitFault } from "../../../../packages/host/src/transport/process/program-fault.js";
import { headOf } from "../../../../packages/host/src/transport/process/program-file.js";
import { programs } from "./program-kit.js";

const windowsLines = (file: string): unknown => ({
  why: `the lines of '${file}' end with a carriage return (a Windows line end), which a shell reads as part of each command`,
  hint: `Save '${file}' with Unix line ends; in a Git repository, '* text=auto eol=lf' in .gitattributes keeps them.`,
});

const foreign = (file: string): unknown => ({
  why: `'${file}' is a program for another system, or damaged, so that a shell tried to read it`,
  hint: "Install a build for this system.",
});

describe("an exit with the code 0", () => {
  it("is blamed on a first line that no system reads, and on nothing else", () => {
    const { file, program } = programs();
    const main = file("main", "\ufeff#!/none\n");
    expect(exitFault(program("main"), 0)?.why).toContain(`'${main}' begins with a byte order mark`);
    for (const content of ["#!/none\n", "cd /\r\n", "PK\x03\x04"]) {
      file("main", content);
      expect(exitFault(program("main"), 0)).toBeUndefined();
    }
  });
});

describe("an exit with another code", () => {
  it("is blamed on the first line before anything else", () => {
    const { at, file, program } = programs();
    file("main", `#!${at("none")}\nx\r\n`);
    expect(exitFault(program("main"), 127)?.why).toContain("which does not exist");
    expect(exitFault(program("none"), 127)).toBeUndefined();
  });

  it("is blamed on a program of another system when a shell gave it up", () => {
    const { file, program } = programs();
    for (const head of ["\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\xca\xfe\xba\xbe", "MZ\x90", "PK\x03"]) {
      const main = file("main", Buffer.from(`${head}\0rest`, "latin1"));
      for (const code of [2, 126, 127]) expect(exitFault(program("main"), code)).toEqual(foreign(main));
      for (const code of [1, 3, 125, 128]) expect(exitFault(program("main"), code)).toBeUndefined();
    }
    for (const head of ["MZqFpD", "xPK", "P", "\x7fEL", "\xcf\xfa\xed", "text"]) {
      file("main", Buffer.from(`${head}\0rest`, "latin1"));
      expect(exitFault(program("main"), 127)).toBeUndefined();
    }
  });

  it.runIf(headOf(process.execPath).startsWith("\x7fELF"))(
    "is blamed on a program of this system only when it is of another kind of machine",
    () => {
      const { file, program } = programs();
      const own = Buffer.from(headOf(process.execPath), "latin1");
      const main = file("main", own);
      expect(exitFault(program("main"), 127)).toBeUndefined();
      for (const at of [4, 5, 18, 19]) {
        const other = Buffer.from(own);
        other[at] = 255 - (other[at] ?? 0);
        file("main", other);
        expect(exitFault(program("main"), 127)).toEqual(foreign(main));
      }
      const same = Buffer.from(own);
      same[16] = 255 - (same[16] ?? 0);
      file("main", same);
      expect(exitFault(program("main"), 127)).toBeUndefined();
    },
  );
});

describe("Windows line ends", () => {
  it("are found in a script that the system left to a shell", () => {
    const { file, program } = programs();
    const main = file("main", "cd /\r\nfalse\r\n");
    for (const code of [1, 127]) expect(exitFault(program("main"), code)).toEqual(windowsLines(main));
    for (const content of ["cd /\nfalse\r\n", "cd /\r", "cd /\rfalse\n", "\0cd /\r\n", ""]) {
      file("main", content);
      expect(exitFault(program("main"), 1)).toBeUndefined();
    }
    file("main", "\r\n");
    expect(exitFault(program("main"), 1)).toEqual(windowsLines(main));
  });

  it("are not looked for in a script whose first line names an interpreter", () => {
    const { at, file, program } = programs();
    file("tool", "\x7fELF");
    file("main", `#!${at("tool")}\nx\r\n`);
    expect(exitFault(program("main"), 1)).toBeUndefined();
  });

  it("are found in the script that a shell is given", () => {
    for (const shell of ["sh", "bash", "dash", "zsh", "ksh"]) {
      const { file, program } = programs();
      file(shell, "\x7fELF");
      const main = file("main", "cd /\r\n");
      expect(exitFault(program(shell, ["main"]), 1)).toEqual(windowsLines(main));
      expect(exitFault(program(shell, ["-e", "+x", "main", "other"]), 1)).toEqual(windowsLines(main));
      expect(exitFault(program(`./${shell}`, [main]), 1)).toEqual(windowsLines(main));
      for (const args of [[], ["-e"], ["-c", "main"], ["main", "-c"], ["none"], ["."], ["other", "main"]])
        expect(exitFault(program(shell, args), 1)).toBeUndefined();
    }
  });

  it("are not looked for in what another program is given", () => {
    for (const name of ["fish", "ssh", "shx", "basher", "xbash"]) {
      const { file, program } = programs();
      file(name, "\x7fELF\0");
      file("main", "cd /\r\n");
      expect(exitFault(program(name, ["main"]), 1)).toBeUndefined();
    }
    // A script of that name is the one that is read.
    const { file, program } = programs();
    const fish = file("fish", "cd /\r\n");
    expect(exitFault(program("fish", []), 1)).toEqual(windowsLines(fish));
  });
});
