import { describe, expect, it } from "vitest";
import { createReader, frame, rawFrame, readAll } from "../../helpers/frames.js";

const MESSAGES = [{ id: 1 }, "zwölf ☃ 🦀", [], null, 0, { nested: { "a\r\n\r\nb": "Content-Length: 3" } }];

describe("FrameReader", () => {
  it("decodes the same for every place at which the bytes are cut", () => {
    const bytes = Buffer.from(MESSAGES.map((message) => frame(message)).join(""));
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const seen = readAll(bytes, [cut, bytes.length]);
      expect(seen).toEqual({ messages: MESSAGES, strayBytes: 0, samples: [], problems: [] });
    }
    expect(readAll(bytes, [1]).messages).toEqual(MESSAGES);
  });

  it.each([
    ["CRLF", "\r\n"],
    ["LF", "\n"],
  ])("reads header lines that end in %s", (_, eol) => {
    expect(readAll(frame({ a: 1 }, eol) + frame({ b: 2 }, eol))).toMatchObject({
      messages: [{ a: 1 }, { b: 2 }],
      strayBytes: 0,
    });
  });

  it.each([
    ["lower case", "content-length: 2\r\n\r\n{}"],
    ["upper case", "CONTENT-LENGTH: 2\r\n\r\n{}"],
    ["no space", "Content-Length:2\r\n\r\n{}"],
    ["spaces and tabs around", "Content-Length \t:\t 2 \t\r\n\r\n{}"],
    ["leading zeros", "Content-Length: 0002\r\n\r\n{}"],
    [
      "an unknown header before",
      "Content-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
    ],
    ["an unknown header after", "Content-Length: 2\r\nX-Why: because\r\n\r\n{}"],
    ["the same length twice", "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"],
    ["two lengths, of which the last counts", "Content-Length: 99\r\nContent-Length: 2\r\n\r\n{}"],
    ["mixed line ends", "Content-Length: 2\n\r\n{}"],
  ])("accepts a header with %s", (_, text) => {
    for (const size of [text.length, 1, 3]) {
      expect(readAll(text, [size])).toMatchObject({ messages: [{}], problems: [], strayBytes: 0 });
    }
  });

  it.each(["-5", "+5", "5.0", "0x5", "five", "", "5 5", "1e2", "9999999999999999", "5;q=1"])(
    "reports the length '%s' and reads the next good frame",
    (length) => {
      const seen = readAll(`Content-Length: ${length}\r\n\r\n{"a":1}\n${frame({ good: true })}`);
      expect(seen.messages).toEqual([{ good: true }]);
      expect(seen.problems.length + seen.strayBytes).toBeGreaterThan(0);
    },
  );

  it("counts a header without any length as stray, with its beginning", () => {
    expect(readAll(`Content-Type: text/plain\r\n\r\n${frame(1)}`)).toMatchObject({
      messages: [1],
      strayBytes: 28,
      samples: ["Content-Type: text/plain"],
    });
  });

  it("reports an empty body and goes on", () => {
    expect(readAll(`Content-Length: 0\r\n\r\n${frame(1)}`)).toEqual({
      messages: [1],
      strayBytes: 0,
      samples: [],
      problems: [{ type: "not_json", bytes: 0, sample: "" }],
    });
  });

  it("reports a body that is not UTF-8 and goes on", () => {
    const bytes = Buffer.concat([
      Buffer.from("Content-Length: 4\r\n\r\n"),
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      Buffer.from(`\n${frame("next")}`),
    ]);
    expect(readAll(bytes)).toMatchObject({ messages: ["next"], problems: [{ type: "not_utf8", bytes: 4 }] });
    expect(readAll(bytes, [1])).toMatchObject({ messages: ["next"] });
  });

  it("reads over a byte order mark before the JSON, and nothing else there", () => {
    for (const sizes of [[], [1]]) {
      expect(readAll(rawFrame('\ufeff{"a":1}') + frame(2), sizes)).toMatchObject({
        messages: [{ a: 1 }, 2],
        problems: [],
      });
      expect(readAll(rawFrame("\ufeff\ufeff{}"), sizes).problems).toMatchObject([{ type: "not_json" }]);
    }
  });

  it.each(["[", '{"a":'])("refuses what is nested over 512 levels deep by %s, and goes on", (open) => {
    const close = open === "[" ? "]" : "}";
    const nested = (levels: number): string => open.repeat(levels) + "1" + close.repeat(levels);
    for (const sizes of [[], [1_000]]) {
      expect(readAll(rawFrame(nested(512)) + frame(2), sizes).messages).toHaveLength(2);
      const seen = readAll(rawFrame(nested(513)) + frame(2), sizes);
      expect(seen).toMatchObject({
        messages: [2],
        problems: [{ type: "too_deep", sample: nested(513).slice(0, 200) }],
      });
    }
    expect(readAll(rawFrame(nested(200_000)) + frame(2)).messages).toEqual([2]);
  });

  it("counts no brackets inside of strings as levels", () => {
    const text = JSON.stringify({ a: "[".repeat(2_000), b: '\\"[[{'.repeat(900), c: "\\" });
    expect(readAll(rawFrame(text)).messages).toEqual([JSON.parse(text)]);
  });

  it("takes several carriage returns before a line feed, as a runtime in text mode writes them", () => {
    expect(readAll(`Content-Length: 2\r\r\n\r\r\n{}${frame(1)}`)).toMatchObject({
      messages: [{}, 1],
      problems: [],
    });
  });

  it("keeps what stands after a frame in the same piece", () => {
    const { reader, seen } = createReader();
    reader.push(Buffer.from(`${frame(1)}Content-Le`));
    expect(seen.messages).toEqual([1]);
    reader.push(Buffer.from("ngth: 1\r\n\r\n2"));
    expect(seen.messages).toEqual([1, 2]);
  });

  it("knows whether the stream may end here", () => {
    const { reader } = createReader();
    const states = [..."Content-Length: 2\r\n\r\n{}"].map((byte) => {
      reader.push(Buffer.from(byte));
      return reader.midFrame;
    });
    expect(states.indexOf(true)).toBe("Content-Length: 2\r\n".length - 1);
    expect(states.lastIndexOf(true)).toBe(states.length - 2);
  });

  it("hands out messages before push returns, in order", () => {
    const { reader, seen } = createReader();
    reader.push(Buffer.from(frame(1) + frame(2)));
    expect(seen.messages).toEqual([1, 2]);
  });
});
