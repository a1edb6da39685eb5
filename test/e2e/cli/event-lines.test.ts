import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventLines } from "../../../packages/cli/src/event-lines.js";

function linesIn(chunks: readonly Buffer[], max?: number): string[] {
  const lines = new EventLines(max);
  const found = chunks.flatMap((chunk) => [...lines.push(chunk)]);
  return [...found, ...lines.end()].map((line) => (line === "too_large" ? "<too large>" : line.toString()));
}

function pieces(text: string, size: number): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
}

describe("EventLines", () => {
  test.each([1, 2, 3, 100])("cuts at line ends, in pieces of %i bytes", (size) => {
    expect(linesIn(pieces("one\ntwo\r\n\nfour", size))).toEqual(["one", "two", "", "four"]);
    expect(linesIn(pieces("one\n", size))).toEqual(["one"]);
    expect(linesIn([])).toEqual([]);
  });

  test.each([1, 3, 7, 100])("the limit counts the line without its end, in pieces of %i bytes", (size) => {
    expect(linesIn(pieces("12345\r\n123456\r\n12345\n123456\n12345", size), 5)).toEqual([
      "12345",
      "<too large>",
      "12345",
      "<too large>",
      "12345",
    ]);
  });

  test("a line that is too long is told once and as soon as that is certain", () => {
    const lines = new EventLines(4);
    expect([...lines.push(Buffer.from("123456"))]).toEqual(["too_large"]);
    expect([...lines.push(Buffer.from("7".repeat(1000)))]).toEqual([]);
    expect([...lines.push(Buffer.from("8\nok\n"))].map(String)).toEqual(["ok"]);
    expect([...lines.end()]).toEqual([]);
  });

  test("finds the same lines however the stream is cut", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "\n", "\r\n", "\r"), { maxLength: 60 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        (whole, size, max) => {
          expect(linesIn(pieces(whole, size), max)).toEqual(linesIn([Buffer.from(whole)], max));
        },
      ),
    );
  });
});
