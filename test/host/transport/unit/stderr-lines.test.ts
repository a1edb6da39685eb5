import { describe, expect, it } from "vitest";
import {
  MAX_LINE_BYTES,
  MAX_TAIL_BYTES,
  StderrTail,
} from "../../../../packages/host/src/transport/process/stderr-tail.js";

const ALL = Number.POSITIVE_INFINITY;

/** A tail that was given these chunks, and the lines that it told. */
function tailOf(...chunks: (string | Buffer)[]): { tail: StderrTail; told: string[] } {
  const told: string[] = [];
  const tail = new StderrTail((line) => void told.push(line));
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return { tail, told };
}

describe("lines", () => {
  it("are told when they end, however they are cut into chunks", () => {
    const text = "one\n\ntwo ä\nthree";
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const { tail, told } = tailOf(...chunks);
      expect(told).toEqual(["one", "", "two ä"]);
      expect(tail.lines(ALL)).toEqual(["one", "", "two ä", "three"]);
      tail.end();
      tail.end();
      expect(told).toEqual(["one", "", "two ä", "three"]);
    }
  });

  it("are kept although their chunks are used again", () => {
    const chunk = Buffer.from("one");
    const { tail } = tailOf();
    tail.push(chunk);
    chunk.fill("x");
    expect(tail.lines(1)).toEqual(["one"]);
  });

  it("are given from the end, as many as were asked for, with one that has not ended yet", () => {
    const { tail } = tailOf("one\ntwo\n");
    expect([1, 2, 3].map((count) => tail.lines(count))).toEqual([["two"], ["one", "two"], ["one", "two"]]);
    tail.push(Buffer.from("th"));
    expect([1, 2].map((count) => tail.lines(count))).toEqual([["th"], ["two", "th"]]);
    expect(tailOf().tail.lines(ALL)).toEqual([]);
  });

  it("have no control characters, and their progress stays apart", () => {
    const { told } = tailOf("a\x1b[1mb\0c\td\r\n1 %\r2 %\r\r\r3 %\r\r\n\r\rx\n");
    expect(told).toEqual(["a[1mbc\td", "1 % 2 % 3 %", " x"]);
  });

  it("are cut at 8 KiB with a mark, and the next line is whole again", () => {
    const mark = "… (line cut)";
    const full = "x".repeat(MAX_LINE_BYTES);
    expect(tailOf(`${full}\nnext\n`).told).toEqual([full, "next"]);
    expect(tailOf(`${full}y\nnext\n`).told).toEqual([full + mark, "next"]);
    expect(tailOf(full, "y", "z\n", "next\n").told).toEqual([full + mark, "next"]);
    expect(tailOf(full, "\n").told).toEqual([full]);
    expect(tailOf("x", `${full}`, "\n").told).toEqual([full + mark]);
    expect(tailOf(full, "y").tail.lines(1)).toEqual([full + mark]);
    expect(MAX_LINE_BYTES).toBe(8_192);
  });
});

describe("what is kept", () => {
  it("is all up to 128 KiB, and the last 64 KiB beyond that, an end of line counted for each", () => {
    expect(MAX_TAIL_BYTES).toBe(65_536);
    const line = `${"x".repeat(63)}\n`;
    const { tail } = tailOf(line.repeat(2_000));
    tail.push(Buffer.from(line.repeat(48)));
    expect(tail.lines(ALL)).toHaveLength(2_048);
    tail.push(Buffer.from("last\n"));
    // 64 KiB in lines of 64 bytes, of which the last one takes the room of one.
    expect(tail.lines(ALL)).toHaveLength(1_024);
    expect(tail.lines(ALL).at(-1)).toBe("last");
    tail.push(Buffer.from(line.repeat(1_000)));
    expect(tail.lines(ALL)).toHaveLength(2_024);
  });

  it("counts empty lines, too", () => {
    const { tail } = tailOf();
    for (let n = 0; n < 132; n += 1) tail.push(Buffer.alloc(1_000, "\n"));
    expect(tail.lines(ALL).length).toBe(MAX_TAIL_BYTES + 132_000 - (2 * MAX_TAIL_BYTES + 1));
  });
});

describe("a flood of short lines in one chunk", () => {
  const numbers = (count: number): string => Array.from({ length: count }, (_, n) => `${n}\n`).join("");
  const bytes = (from: number, to: number): number => numbers(to).length - numbers(from).length;

  it("is told from both ends, with the number of bytes that were left out between them", () => {
    const { told } = tailOf(numbers(2_001));
    expect(told).toHaveLength(2_001);
    expect(told.slice(998, 1_003)).toEqual([
      "998",
      "999",
      `… ${bytes(1_000, 1_001)} bytes in short lines were left out`,
      "1001",
      "1002",
    ]);
    expect(told.at(-1)).toBe("2000");
    expect(tailOf(numbers(2_000)).told).toHaveLength(2_000);
  });

  it("is told whole when an empty line is all that could be left out", () => {
    const { told } = tailOf(`${numbers(1_000)}\n${numbers(1_000)}`);
    expect([told.length, told[999], told[1_000], told[1_001]]).toEqual([2_001, "999", "", "0"]);
  });

  it("ends with a line that has not ended yet", () => {
    const { tail, told } = tailOf(`${numbers(3_000)}the rest`);
    expect(told).toHaveLength(2_001);
    expect(told[1_000]).toBe(`… ${bytes(1_000, 2_000)} bytes in short lines were left out`);
    expect(tail.lines(2)).toEqual(["2999", "the rest"]);
  });

  it("is left out once in each chunk", () => {
    const { told } = tailOf(numbers(3_000), numbers(3_000));
    expect(told.filter((line) => line.startsWith("…"))).toHaveLength(2);
    expect(told).toHaveLength(4_002);
  });
});
