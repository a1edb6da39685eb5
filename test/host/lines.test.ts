import { describe, expect, it } from "vitest";
import { Lines } from "../../packages/host/src/lines.js";

function linesOf(chunks: readonly string[], maxBytes = 8, maxAtOnce?: number): string[] {
  const seen: string[] = [];
  const lines = new Lines(maxAtOnce === undefined ? { maxBytes } : { maxBytes, maxAtOnce }, {
    onLine: (line, cut) => void seen.push(cut ? `${line.toString()}…` : line.toString()),
    onLeftOut: (bytes) => void seen.push(`(${bytes} bytes)`),
  });
  for (const chunk of chunks) lines.push(Buffer.from(chunk));
  lines.end();
  return seen;
}

describe("splitting a stream into lines", () => {
  it("finds the same lines however the stream is cut into chunks", () => {
    const text = "one\n\ntwo\nthree, which is long\n12345678\n123456789\nlast";
    const whole = ["one", "", "two", "three, w…", "12345678", "12345678…", "last"];
    expect(linesOf([text])).toEqual(whole);
    for (let size = 1; size <= text.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
        text.slice(n * size, (n + 1) * size),
      );
      expect(linesOf(chunks)).toEqual(whole);
    }
  });

  it("keeps no more of a line without an end than its bound, and says that it is cut", () => {
    const lines = new Lines({ maxBytes: 100 }, { onLine: () => expect.unreachable() });
    for (let n = 0; n < 1_000; n += 1) lines.push(Buffer.alloc(1_000, "x"));
    expect(lines.partial.length).toBe(100);
    expect(lines.cut).toBe(true);
  });

  it("forgets the cut with the line that was cut", () => {
    expect(linesOf(["123456789", "0\nshort\n"])).toEqual(["12345678…", "short"]);
  });

  it("leaves out the middle of a chunk that is full of short lines, and counts it", () => {
    const chunk = Array.from({ length: 10 }, (_, n) => `${n}\n`).join("");
    expect(linesOf([chunk], 8, 2)).toEqual(["0", "1", "(12 bytes)", "8", "9"]);
    expect(linesOf([chunk.slice(0, 8)], 8, 2)).toEqual(["0", "1", "2", "3"]);
  });

  it("does not keep a chunk's memory for the beginning of a line", () => {
    const seen: string[] = [];
    const lines = new Lines({ maxBytes: 8 }, { onLine: (line) => void seen.push(line.toString()) });
    const chunk = Buffer.from("ab");
    lines.push(chunk);
    chunk.fill("x");
    lines.push(Buffer.from("c\n"));
    expect(seen).toEqual(["abc"]);
  });
});
