import { createInMemoryPair, type InMemoryEnd } from "@synaps/sdk/testing";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";

function listening(end: InMemoryEnd): { messages: unknown[]; noted: string[] } {
  const seen = { messages: [] as unknown[], noted: [] as string[] };
  end.listen({
    onMessage: (message) => void seen.messages.push(message),
    onStray: (bytes, sample) => void seen.noted.push(`stray ${bytes}: ${sample}`),
    onProblem: ({ type }) => void seen.noted.push(type),
    onClose: () => void seen.noted.push("closed"),
  });
  return seen;
}

describe("createInMemoryPair", () => {
  it.each([undefined, [1], [3, 1, 50]])("passes messages both ways in pieces of %j", async (splitAt) => {
    const [first, second] = createInMemoryPair(splitAt ? { splitAt } : {});
    const [atFirst, atSecond] = [listening(first), listening(second)];
    expect([first.send('{"a":"ü"}'), first.send("2"), second.send("3")]).toEqual(["sent", "sent", "sent"]);
    expect(atSecond.messages).toEqual([]);
    await setImmediate();
    expect([atFirst.messages, atSecond.messages]).toEqual([[3], [{ a: "ü" }, 2]]);
  });

  it("keeps what comes before somebody listens, and then what was sent before the close", async () => {
    const [first, second] = createInMemoryPair();
    first.send("1");
    first.close();
    await setImmediate();
    const seen = listening(second);
    await setImmediate();
    expect(seen).toEqual({ messages: [1], noted: ["closed"] });
  });

  it("closes both directions once", async () => {
    const [first, second] = createInMemoryPair();
    const [atFirst, atSecond] = [listening(first), listening(second)];
    second.close();
    first.close();
    expect([first.send("1"), second.send("1")]).toEqual(["closed", "closed"]);
    first.write("more");
    await setImmediate();
    expect([atFirst.noted, atSecond.noted, atSecond.messages]).toEqual([["closed"], ["closed"], []]);
  });

  it("passes raw bytes, so that a test can play a broken peer", async () => {
    const [first, second] = createInMemoryPair();
    const seen = listening(second);
    first.write("oops\nContent-Length: x\n\n");
    first.write(Buffer.from("Content-Length: 1\n\n5"));
    await setImmediate();
    expect(seen.messages).toEqual([5]);
    expect(seen.noted).toContain("bad_length");
    expect(seen.noted).toContain("stray 5: oops");
  });

  it("keeps to the limits of each direction", () => {
    const [first, second] = createInMemoryPair({ maxBodyBytes: [10, 3] });
    expect([first.send('"1234"'), second.send('"1234"')]).toEqual(["sent", "too_large"]);
  });

  it.each([[0], [-1], [1.5], [2, Number.NaN]])("refuses to split at %d", (...splitAt) => {
    expect(() => createInMemoryPair({ splitAt })).toThrow(
      new RangeError("splitAt needs positive whole numbers"),
    );
  });
});
