import { describe, expect, it } from "vitest";
import { createReader, frame, rawFrame, readAll } from "../../helpers/frames.js";

const NOISE = "loading the model...\nwarning: no GPU\n100%|#####|\r50%\n\n  at main (x.js:1:2)\n";

describe("finding the way back", () => {
  it("skips noise before, between and after frames, and says how much", () => {
    const text = NOISE + frame(1) + NOISE + frame(2) + NOISE;
    for (const sizes of [[], [1], [7, 3]]) {
      const seen = readAll(text, sizes);
      expect(seen.messages).toEqual([1, 2]);
      expect(seen.strayBytes).toBeGreaterThan(NOISE.length);
      expect(seen.samples[0]).toBe("loading the model...");
    }
  });

  it("reads a frame right after text without a line end", () => {
    expect(readAll(`booting... ${frame({ id: 1 })}`)).toMatchObject({
      messages: [{ id: 1 }],
      strayBytes: 11,
      samples: ["booting... "],
    });
  });

  it("reads a frame after a line that only looks like a header", () => {
    expect(readAll(`INFO: ready\n${frame(1)}note: x\n\n${frame(2)}`)).toMatchObject({
      messages: [1, 2],
      samples: ["note: x"],
    });
  });

  it("reads a frame after 64 KiB of stray text, in lines or in one", () => {
    const line = `${"x".repeat(99)}\n`;
    expect(readAll(line.repeat(655) + frame(1)).messages).toEqual([1]);
    expect(readAll("x".repeat(65_536) + frame(1)).messages).toEqual([1]);
    expect(readAll("x".repeat(65_536) + frame(1), [1_000]).messages).toEqual([1]);
  });

  it("limits the sample of stray text to 200 characters", () => {
    const { samples } = readAll(`${"y".repeat(5_000)}\n`);
    expect(samples).toEqual(["y".repeat(200)]);
  });

  it("skips a body over the limit exactly and reads the next frame", () => {
    const inner = frame({ hidden: true });
    const big = inner.repeat(10);
    const text = rawFrame(big) + frame("after");
    for (const sizes of [[], [1], [13]]) {
      expect(readAll(text, sizes, { maxBodyBytes: 100 })).toEqual({
        messages: ["after"],
        strayBytes: 0,
        samples: [],
        problems: [{ type: "too_large", bytes: big.length, sample: big.slice(0, 200) }],
      });
    }
  });

  it("takes a body of exactly the limit", () => {
    const body = JSON.stringify("x".repeat(98));
    expect(readAll(rawFrame(body), [], { maxBodyBytes: 100 }).messages).toHaveLength(1);
    expect(readAll(rawFrame(body), [], { maxBodyBytes: 99 }).messages).toHaveLength(0);
  });

  it.each(["300000000", "999999999999999"])("is not muted by the lie of a length of %s", (length) => {
    const seen = readAll(`Content-Length: ${length}\r\n\r\n${frame("still here")}`);
    expect(seen.problems).toEqual([{ type: "too_large", bytes: Number(length), sample: "" }]);
    expect(seen.messages).toEqual(["still here"]);
  });

  it("finds the frames that a too short body leaves behind", () => {
    expect(readAll(`Content-Length: 3\r\n\r\n{"a":1}\n${frame("next")}`).messages).toEqual(["next"]);
  });

  it("finds the frames that a too long length swallowed", () => {
    const swallowed = `{"a":1}${frame("swallowed")}`;
    const text = `Content-Length: ${swallowed.length}\r\n\r\n${swallowed}${frame("next")}`;
    for (const sizes of [[], [1], [9, 2]]) {
      expect(readAll(text, sizes).messages).toEqual(["swallowed", "next"]);
    }
  });

  it("finds a frame that begins inside a bad body and ends outside of it", () => {
    const next = frame("astride");
    const text = `Content-Length: 12\r\n\r\nnot json${next}`;
    expect(readAll(text).messages).toEqual(["astride"]);
    expect(readAll(text, [5]).messages).toEqual(["astride"]);
  });

  it("drops a half header when text comes before its end", () => {
    const seen = readAll(`Content-Length: 5\r\noops, a crash\n${frame("next")}`);
    expect(seen).toMatchObject({ messages: ["next"], samples: ["oops, a crash"] });
  });

  it("reports each problem once and keeps no memory of it", () => {
    const { reader, seen } = createReader();
    for (let round = 0; round < 3; round += 1) {
      reader.push(Buffer.from(`${rawFrame("nonsense")}\n${frame(round)}`));
    }
    expect(seen.messages).toEqual([0, 1, 2]);
    expect(seen.problems).toHaveLength(3);
    expect(reader.midFrame).toBe(false);
  });
});
