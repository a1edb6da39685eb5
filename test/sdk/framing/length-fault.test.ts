import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { readAll } from "../../helpers/frames.js";

/** The miscount that is found in a frame that announces a length of its own. */
function faultOf(body: string | Buffer, announced: number, rest = ""): unknown {
  const bytes = Buffer.from(body);
  const head = Buffer.from(`Content-Length: ${announced}\r\n\r\n`);
  const { problems } = readAll(Buffer.concat([head, bytes, Buffer.from(rest)]));
  const [first] = problems;
  return first && "length" in first ? first.length : undefined;
}

const GERMAN = '{"id":2,"result":{"action":"block","reason":"für Größe"}}';

describe("a length that does not fit", () => {
  it(
    verifies("MIST-003") +
      "is counted in characters when the end of the JSON is as far away as bytes were left out",
    () => {
      expect(faultOf(GERMAN, GERMAN.length)).toBe("characters");
      // Cut in the middle of a character.
      const late = '{"id":2,"result":"üüüüé"}';
      expect(faultOf(late, late.length)).toBe("characters");
      const fox = '{"id":2,"result":"🦊🦊🦊"}';
      expect(faultOf(fox, [...fox].length)).toBe("characters");
    },
  );

  it(verifies("MIST-003") + "leaves out carriage returns when line ends were changed later", () => {
    const body = JSON.stringify({ id: 2, result: { action: "continue" } }, null, 2);
    expect(faultOf(body.replaceAll("\n", "\r\n"), body.length)).toBe("line_ends");
  });

  it("is too short or too long when nothing explains it", () => {
    expect(faultOf('{"id":2,"result":{}}', 18)).toBe("too_short");
    const body = '{"id":2,"result":{}}';
    expect(faultOf(body, body.length + 10, "Content-Length: 2\r\n\r\n{}")).toBe("too_long");
  });

  it("is no matter where the text itself is wrong", () => {
    for (const body of [
      "hello",
      "{nothing}",
      '{"a":1]',
      '{"a":tru',
      "[1,2",
      `{"a":"${"x".repeat(9)}`.slice(0, 4),
    ])
      expect([body, faultOf(body, Buffer.byteLength(body))]).not.toEqual([body, "characters"]);
    expect(faultOf("{nothing}", 9)).toBeUndefined();
    expect(faultOf("hello", 5)).toBeUndefined();
    // Not UTF-8 at all, with a whole JSON text around it.
    const latin = Buffer.from('{"id":2,"result":"dépêche"}', "latin1");
    expect(faultOf(latin, latin.length)).toBeUndefined();
    const deep = `{"a":${"[".repeat(600)}`;
    expect(faultOf(deep, deep.length)).toBeUndefined();
  });
});
