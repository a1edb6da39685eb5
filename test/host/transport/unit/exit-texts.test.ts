import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { ChildProcess, ExitInfo } from "../../../../packages/host/src/transport/process/child.js";
import {
  exitDiagnosis,
  exitText,
  fallReport,
  startClue,
} from "../../../../packages/host/src/transport/process/diagnose.js";
import { FakeClock } from "../../../helpers/fake-clock.js";
import { programs } from "./program-kit.js";

/** A process that ended so, with its last lines on standard error, and whose program has this content. */
function ended(exit: ExitInfo | undefined, lines: readonly string[] = [], content = "x\n"): ChildProcess {
  const { file, program } = programs();
  file("main", content);
  return {
    request: { ...program("main"), onStderrLine() {} },
    clock: new FakeClock(),
    pid: 1,
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    exited: exit ? Promise.resolve(exit) : new Promise(() => {}),
    exit,
    stderrLines: (count) => lines.slice(-count),
    signal() {},
    release() {},
  };
}

const by = (code: number | null, signal: NodeJS.Signals | null = null): ExitInfo => ({ code, signal });

it("the way in which a process ended is told in words", () => {
  expect(exitText({ ...by(null), error: { code: "E", message: "no room" } })).toBe("never started: no room");
  expect(exitText(by(null, "SIGSEGV"))).toBe("was ended by SIGSEGV");
  expect([exitText(by(0)), exitText(by(7))]).toEqual(["exited with code 0", "exited with code 7"]);
  expect(exitText(by(null))).toBe("exited with code unknown");
});

describe("the diagnosis of an end", () => {
  it("says what was under way, and that nothing was written", () => {
    expect(exitDiagnosis(ended(by(3)), "starting")).toBe(
      "the process exited with code 3 while starting; it wrote nothing to stderr",
    );
    expect(exitDiagnosis(ended(undefined), "idle")).toBe(
      "the process is gone while idle; it wrote nothing to stderr",
    );
  });

  it("names the last five lines that say something, trimmed", () => {
    const lines = ["1", "2", "  3  ", "4", "5", "6\t"];
    expect(exitDiagnosis(ended(by(3), lines), "idle")).toBe(
      "the process exited with code 3 while idle; last on stderr: 2 | 3 | 4 | 5 | 6",
    );
  });

  it("passes over what runtimes print around the line that matters", () => {
    const noise = [
      "",
      "  \t",
      "    at main (file.js:1)",
      "\tat x",
      "  12: 0x0",
      "3: x",
      "---",
      "  -----",
      "  ^^^^ ",
      "^",
    ];
    const telling = ["at home", "12 : x", "a 1: x", "--", "x ---", "^ here", "x ^", "a Node.js v20", "atx"];
    const text = (lines: readonly string[]): string =>
      exitDiagnosis(ended(by(1), lines), "idle").slice("the process exited with code 1 while idle; ".length);
    expect(text([...noise, "Node.js v20.1.0"])).toBe("it wrote nothing to stderr");
    for (const line of telling) expect(text([...noise, line, ...noise])).toBe(`last on stderr: ${line}`);
  });

  it("looks back over fifty lines and no more", () => {
    const noise = Array.from({ length: 49 }, () => "---");
    expect(exitDiagnosis(ended(by(1), ["cause", ...noise]), "idle")).toContain("last on stderr: cause");
    expect(exitDiagnosis(ended(by(1), ["cause", "---", ...noise]), "idle")).toContain("wrote nothing");
  });

  it("names the cause that stands in the program's files, but not after a signal", () => {
    const content = "\ufeff#!/bin/sh\n";
    expect(exitDiagnosis(ended(by(1), ["x"], content), "idle")).toMatch(
      /^the process exited with code 1 while idle; '.*main' begins with a byte order mark, so that its first line names no interpreter; last on stderr: x$/,
    );
    expect(startClue(ended(by(1), [], content))?.hint).toMatch(
      /^Save '.*main' as UTF-8 without a byte order mark\.$/,
    );
    for (const child of [
      ended(by(null, "SIGKILL"), [], content),
      ended(undefined, [], content),
      ended(by(1)),
    ]) {
      expect(exitDiagnosis(child, "idle")).not.toContain("byte order mark");
      expect(startClue(child)).toBeUndefined();
    }
  });
});

describe("the report of a fall", () => {
  const hint = (exit: ExitInfo | undefined, content?: string): string =>
    fallReport(ended(exit, [], content), "idle", undefined).hint;

  it("is the diagnosis, with a remedy for each way of ending", () => {
    expect(fallReport(ended(by(3), ["x"]), "idle", undefined)).toEqual({
      reason: "the process exited with code 3 while idle; last on stderr: x",
      hint: "Correct what its last words say, or start its command by hand in its folder.",
    });
    expect(hint(undefined)).toBe(
      "Correct what its last words say, or start its command by hand in its folder.",
    );
    expect(hint(by(0))).toBe("An extension runs until the host says shutdown: look for what ends it.");
    expect(hint(by(null, "SIGKILL"))).toBe(
      "Something killed it; often the kernel, because memory ran out: see the system's log.",
    );
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      expect(hint(by(null, signal))).toBe("Somebody else ended it: leave that to the host.");
    expect(hint(by(null, "SIGSEGV"))).toBe(
      "Its runtime or native code failed: update it, or report the last words to its author.",
    );
  });

  it("has the remedy of the program's files where those are to blame", () => {
    for (const code of [0, 3])
      expect(hint(by(code), "\ufeff#!/bin/sh\n")).toMatch(/^Save '.*' as UTF-8 without a byte order mark\.$/);
  });

  it("begins with the host's own reason when the host ended the process", () => {
    expect(fallReport(ended(by(null, "SIGKILL"), ["x"]), "idle", "it did not answer")).toEqual({
      reason: "it did not answer; the process was ended by SIGKILL while idle; last on stderr: x",
      hint: "Answer within the deadline and keep reading standard input: do slow work in the background.",
    });
  });
});
