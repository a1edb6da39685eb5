import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { helpWidth, wrapped } from "../../packages/cli/src/help-text.js";
import { Output, type Io } from "../../packages/cli/src/io.js";
import { createProgram } from "../../packages/cli/src/program.js";
import { verifies } from "../requirements/verifies.js";

/** The help of the program and of all commands, on a terminal of that width, or in a pipe. */
function helpTexts(columns: number | undefined): string[] {
  const stream = Object.assign(new PassThrough(), columns === undefined ? {} : { isTTY: true, columns });
  const output = new Output(stream, false);
  const io: Io = { stdin: new PassThrough(), stdout: output, stderr: output, env: {}, json: false };
  const program = createProgram(io, { out: (text) => void texts.push(text), exitCode: () => {} });
  const texts: string[] = [];
  return [program, ...program.commands].map((command) => {
    texts.length = 0;
    command.outputHelp();
    return texts.join("");
  });
}

const longest = (text: string): number => Math.max(...text.split("\n").map(({ length }) => length));

describe("the help of every command", () => {
  it.each([
    [80, 80],
    [100, 100],
    [240, 100],
    [90, 90],
    [undefined, 80],
  ])(verifies("CLI-037") + "on a terminal of %s columns has lines of at most %s", (columns, most) => {
    const texts = helpTexts(columns);
    expect(texts.length).toBeGreaterThan(17);
    expect(texts.flatMap((text) => text.split("\n")).filter(({ length }) => length > most)).toEqual([]);
    expect(
      texts.filter((text) => !text.startsWith("Examples:\n  ") || !text.includes("\nExit codes:\n")),
    ).toEqual([]);
  });

  it(verifies("CLI-037") + "uses the room that there is", () => {
    expect(
      [undefined, 80, 240].map((columns) =>
        helpWidth({ isTerminal: columns !== undefined, columns: columns ?? 0 }),
      ),
    ).toEqual([80, 80, 100]);
    expect(Math.max(...helpTexts(240).map(longest))).toBeGreaterThan(90);
  });
});

it("wrapping loses nothing, and breaks behind spaces and commas only", () => {
  expect(wrapped("one two three", 8, "  ")).toBe("one two\n  three");
  expect(wrapped('{"a","b","c"}', 8, "  ")).toBe('{"a",\n  "b",\n  "c"}');
  expect(wrapped("  ab cdefghijkl", 6, "  ")).toBe("  ab\n    cdefghijkl");
  expect(wrapped("", 8, "  ")).toBe("");
});
