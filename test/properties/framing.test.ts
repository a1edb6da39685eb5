import { encodeFrame, FrameWriter } from "@synaps/sdk/framing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReader, frame, rawFrame, readAll } from "../helpers/frames.js";
import { verifies } from "../requirements/verifies.js";

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
// -0 is the one JSON number that a round trip does not keep.
const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

/** Frames inside of bodies that are no JSON, inside of such bodies. */
const nested = fc
  .tuple(fc.nat({ max: 6 }), fc.array(fc.constantFrom("x", "\n", "{}", frame(1), "Content-Length: 3\n\n")))
  .map(([depth, parts]) => {
    let body = parts.join("");
    for (let level = 0; level < depth; level += 1) body = rawFrame(`${body}!`);
    return body;
  });

/** Bytes from which headers, noise and bodies come together by chance. */
const soup: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "Content-Length: ",
        "content-length:",
        "\r\n",
        "\n",
        "\r\n\r\n",
        "{}",
        "[1]",
        " ",
        "x: y",
      ),
      fc.nat({ max: 40 }).map(String),
      fc.constantFrom("-1", "99999999999", "4194305", "\u0000", "ü", '"'),
      json.map((value) => frame(value)),
      nested,
      fc.string(),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.join("")));

describe("framing", () => {
  it("decodes what was encoded, for any JSON and any split", () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 6 }), sizes, (messages, split) => {
        const frames = messages.map((message) => {
          const { text, encoding } = encodeFrame(JSON.stringify(message));
          return Buffer.from(text, encoding);
        });
        expect(readAll(Buffer.concat(frames), split)).toEqual({
          messages,
          strayBytes: 0,
          samples: [],
          problems: [],
        });
      }),
    );
  });

  it("reads any bytes the same in any split", () => {
    fc.assert(
      fc.property(soup, sizes, (bytes, split) => {
        const whole = readAll(bytes);
        const split1 = readAll(bytes, split);
        expect(split1.messages).toEqual(whole.messages);
        expect(split1.problems).toEqual(whole.problems);
      }),
      { numRuns: 500 },
    );
  });

  it(verifies("FAIL-043") + "never throws, and reports at most as much as it was given", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 5 }), damage, sizes, (messages, hits, split) => {
        const bytes = Buffer.from(messages.map((message) => frame(message)).join(""));
        for (const [at, value] of hits) bytes[at % bytes.length] = value;
        const seen = readAll(bytes, split);
        // Each byte may be read twice at most: once in a body, once in the search for frames inside it.
        expect(seen.strayBytes).toBeLessThanOrEqual(2 * bytes.length);
        expect(seen.messages.length).toBeLessThanOrEqual(bytes.length / "Content-Length:0\n\n1".length);
      }),
      { numRuns: 500 },
    );
  });

  it("reads a good frame after any noise that is no header", () => {
    const noise = fc.string().map((text) => text.replaceAll(/content-length|:/gi, "_"));
    fc.assert(
      fc.property(noise, json, sizes, (text, message, split) => {
        expect(readAll(text + frame(message), split).messages).toEqual([message]);
      }),
    );
  });

  it("reads a good frame after any bytes, once what they announced has passed", () => {
    const announcesLittle = soup.filter((bytes) => !/[0-9]{5}/.test(bytes.toString()));
    fc.assert(
      fc.property(announcesLittle, json, (bytes, message) => {
        const { reader, seen } = createReader();
        reader.push(bytes);
        // Up to forty headers, each found again in what the one before swallowed.
        reader.push(Buffer.alloc(40 * 10_000, `${"-".repeat(99)}\n`));
        reader.push(Buffer.from(frame(message)));
        expect(seen.messages.at(-1)).toEqual(message);
      }),
    );
  });

  it("never exceeds the limit of a body, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, maxBodyBytes) => {
        const written: Buffer[] = [];
        const sink = {
          writable: true,
          writableLength: 0,
          write: (chunk: string, encoding: BufferEncoding) => written.push(Buffer.from(chunk, encoding)) > 0,
        };
        const body = JSON.stringify(text);
        const result = new FrameWriter(sink, { maxBodyBytes }).send(body);
        expect(result).toBe(Buffer.byteLength(body) > maxBodyBytes ? "too_large" : "sent");
        expect(written).toHaveLength(result === "sent" ? 1 : 0);
      }),
    );
  });
});
