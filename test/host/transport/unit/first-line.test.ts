import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { programFault } from "../../../../packages/host/src/transport/process/program-fault.js";
import { programs } from "./program-kit.js";

const CORRECT = (file: string, name: string): string =>
  `Install '${name}', or correct the first line of '${file}'.`;

describe("the first line of a program", () => {
  it("is in order when its interpreter is there, or when it names none", () => {
    const { file, program } = programs();
    const interpreter = file("interpreter", "\x7fELF");
    for (const line of [
      `#!${interpreter}\n`,
      `#! \t${interpreter} -x\n`,
      "#!./interpreter",
      "",
      "x\n",
      " #!/none\n",
    ])
      expect(programFault(program(file("main", line)))).toBeUndefined();
    expect(programFault(program("none"))).toBeUndefined();
  });

  it("names an interpreter that does not exist, also by a link", () => {
    const { at, file, program } = programs();
    const main = file("main", `#!${at("none")} -u\nprint\n`);
    expect(programFault(program("main"))).toEqual({
      why: `'${main}' names the interpreter '${at("none")}', which does not exist`,
      hint: CORRECT(main, at("none")),
    });
    file("main", "#! none\t-u");
    expect(programFault(program("main"))).toEqual({
      why: `'${main}' names the interpreter '${at("none")}', which does not exist`,
      hint: CORRECT(main, at("none")),
    });
    symlinkSync(at("none"), at("link"));
    file("main", `#!${at("link")}\n`);
    expect(programFault(program("main"))).toEqual({
      why: `'${main}' names the interpreter '${at("link")}', which is a link to a file that does not exist`,
      hint: CORRECT(main, at("link")),
    });
  });

  it("names a folder, or a file that may not be executed", () => {
    const { folder, at, file, program } = programs();
    mkdirSync(at("lib"));
    const main = file("main", `#!${at("lib")}\n`);
    const correct = `Correct the first line of '${main}'.`;
    expect(programFault(program("main"))).toEqual({
      why: `'${main}' names the interpreter '${at("lib")}', which is a folder`,
      hint: correct,
    });
    file("main", "#!\n");
    expect(programFault(program("main"))).toEqual({
      why: `'${main}' names the interpreter '${folder}', which is a folder`,
      hint: correct,
    });
    file("plain", "", 0o644);
    file("main", `#!${at("plain")}\n`);
    expect(programFault(program("main"))).toEqual({
      why: `'${main}' names the interpreter '${at("plain")}', which may not be executed`,
      hint: `Correct the first line of '${main}', or run: chmod +x ${at("plain")}`,
    });
  });

  it("ends with a carriage return", () => {
    const { file, program } = programs();
    const main = file("main", "#! /usr/bin/env python3 \r\nprint\n");
    expect(programFault(program("main"))).toEqual({
      why: `the first line of '${main}' ends with a carriage return (a Windows line end), which the system reads as part of '/usr/bin/env python3'`,
      hint: `Save '${main}' with Unix line ends; in a Git repository, '* text=auto eol=lf' in .gitattributes keeps them.`,
    });
  });

  it("is looked at in each script that is an interpreter, five deep at the most", () => {
    for (const depth of [1, 2, 5, 6]) {
      const { at, file, program } = programs();
      for (let n = 1; n <= depth; n += 1) file(`${n}`, `#!${at(n === depth ? "none" : `${n + 1}`)}\n`);
      const why = `'${at(`${depth}`)}' names the interpreter '${at("none")}', which does not exist`;
      expect(programFault(program("1"))?.why).toBe(depth === 6 ? undefined : why);
    }
    const { file, at, program } = programs();
    file("itself", `#!${at("itself")}\n`);
    expect(programFault(program("itself"))).toBeUndefined();
  });
});

describe("a first line that no system reads", () => {
  it("stands behind a byte order mark", () => {
    const { file, program } = programs();
    const main = file("main", "\ufeff#!/none\n");
    expect(programFault(program("main"))).toEqual({
      why: `'${main}' begins with a byte order mark, so that its first line names no interpreter`,
      hint: `Save '${main}' as UTF-8 without a byte order mark.`,
    });
    for (const other of ["\ufeffx#!/none\n", "x\ufeff#!/none\n"]) {
      file("main", other);
      expect(programFault(program("main"))).toBeUndefined();
    }
  });

  it("is saved as UTF-16, whichever byte comes first", () => {
    const { file, program } = programs();
    const little = Buffer.from("\ufeff#!/none\n", "utf16le");
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      const main = file("main", bytes);
      expect(programFault(program("main"))).toEqual({
        why: `'${main}' is saved as UTF-16, so that its first line names no interpreter`,
        hint: `Save '${main}' as UTF-8 without a byte order mark.`,
      });
    }
    for (const text of ["\ufeff/none\n", "\ufeff1#!/none\n", "#!/none\n", "11\ufeff#!/none\n"]) {
      file("main", Buffer.from(text, "utf16le"));
      expect(programFault(program("main"))).toBeUndefined();
    }
    file("main", Buffer.from("ab#!/none \xff\xfe\n", "latin1"));
    expect(programFault(program("main"))).toBeUndefined();
  });

  it("is longer than what systems read of it", () => {
    const { file, program } = programs();
    const main = file("main", `#!/${"x".repeat(252)}\n`);
    expect(programFault(program("main"))?.why).toContain("which does not exist");
    file("main", `#!/${"x".repeat(252)}`);
    expect(programFault(program("main"))?.why).toContain("which does not exist");
    file("main", `#!/${"x".repeat(253)}`);
    expect(programFault(program("main"))).toEqual({
      why: `the first line of '${main}' is longer than the 255 bytes that systems read of it`,
      hint: `Shorten the first line of '${main}'.`,
    });
    file("main", `x#!/${"x".repeat(300)}`);
    expect(programFault(program("main"))).toBeUndefined();
  });
});

describe("the program that env is to find", () => {
  /** The name that is missed when a first line hands these words to `env`. */
  function missed(words: string): string | undefined {
    const { at, file, program } = programs();
    file("env", "\x7fELF");
    const main = file("main", `#!${at("env")} ${words}\n`);
    const fault = programFault(program("main"));
    if (fault === undefined) return undefined;
    const name = /^'.*' is run by '(.*)', which is not on PATH$/.exec(fault.why)?.[1];
    expect(fault.why.startsWith(`'${main}' is run by '`)).toBe(true);
    expect(fault.hint).toBe(CORRECT(main, name ?? ""));
    return name;
  }

  it("is the first word that is no option and no variable", () => {
    for (const words of [
      "no-such",
      "no-such --flag other",
      "-S no-such -x",
      "-Sno-such -x",
      "-vSno-such",
      "--split-string=no-such -x",
      "-i no-such",
      "-i -0 -v no-such",
      "-u HOME no-such",
      "-uHOME no-such",
      "-C / no-such",
      "-P /bin no-such",
      "-iu HOME no-such",
      "-0vC / no-such",
      "--unset HOME no-such",
      "--chdir / no-such",
      "--unset=HOME no-such",
      "A=1 no-such",
      "-S A=1 \t B=2 no-such",
    ])
      expect([words, missed(words)]).toEqual([words, "no-such"]);
    for (const name of ["a-Sb", "a--split-string=", "x-u", "x--unset", "-xS", "no-such"])
      expect([name, missed(`${name} other`)]).toEqual([name, /=|^-/.test(name) ? "other" : name]);
  });

  it("is not guessed when quotes, variables or escapes hide it, or when there is none", () => {
    for (const words of [
      "'no-such'",
      '"no-such"',
      "$NO",
      "no\\ such",
      "no-such 'x'",
      "",
      "-S",
      "-i",
      "A=1",
      "-u",
    ])
      expect([words, missed(words)]).toEqual([words, undefined]);
  });

  it("is in order when PATH has it, and is looked at in turn", () => {
    const { at, file, program } = programs();
    file("env", "\x7fELF");
    const tool = file("tool", `#!${at("none")}\n`);
    file("main", `#!${at("env")} tool\n`);
    expect(programFault(program("main"))?.why).toBe(
      `'${tool}' names the interpreter '${at("none")}', which does not exist`,
    );
    file("tool", "x");
    expect(programFault(program("main"))).toBeUndefined();
    // Another program's words are its own.
    file("envoy", "\x7fELF");
    file("main", `#!${at("envoy")} no-such\n`);
    expect(programFault(program("main"))).toBeUndefined();
  });
});
