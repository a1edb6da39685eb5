import { describe, expect, it } from "vitest";
import { rawFrame } from "../../../helpers/frames.js";
import { sorting, wire } from "./sorter-kit.js";

// A look that takes 40 ms is 30 over what a stream may take at once: a pause of 1 s brings them in.
const TAKES_MS = 40;
const PAUSE_MS = 1_000;

const UNASKED: Readonly<Record<string, string>> = {
  "text outside of frames": "hello\n",
  "a damaged frame": rawFrame("{nothing"),
  "a request": wire({ id: 1, method: "a" }),
  "a notification": wire({ method: "a" }),
  "an answer without a number": wire({ id: null, result: 1 }),
  "an answer whose number is a word": wire({ id: "one", result: 1 }),
  "an answer to a question that was never asked": wire({ id: 7, result: 1 }),
  "what is no message": wire([]),
};

describe("output that nobody asked for", () => {
  for (const [what, bytes] of Object.entries(UNASKED)) {
    it(`is braked: ${what}`, () => {
      const { pauses, hear } = sorting();
      hear(bytes, TAKES_MS);
      expect(pauses).toEqual([PAUSE_MS]);
    });
  }

  it("is braked: an answer that comes too late", () => {
    const { pauses, ask, hear, requests } = sorting();
    requests.take(ask());
    hear(wire({ id: 1, result: 1 }), TAKES_MS);
    expect(pauses).toEqual([PAUSE_MS]);
  });

  it("is braked for less while somebody waits for an answer", () => {
    const { pauses, ask, hear } = sorting();
    ask();
    hear(wire({ method: "a" }), TAKES_MS);
    expect(pauses).toEqual([250]);
  });

  it("is braked beside an answer that came with it, before or behind", () => {
    for (const order of [0, 1]) {
      const { pauses, ask, hear } = sorting();
      ask();
      const both = [wire({ id: 1, result: 1 }), wire({ method: "a" })];
      hear(order === 0 ? both.join("") : both.reverse().join(""), TAKES_MS);
      expect(pauses).toEqual([PAUSE_MS]);
    }
  });

  it("is charged for all the pieces in which it came, and no piece alone", () => {
    const { pauses, hear } = sorting();
    const bytes = wire({ method: "a" });
    hear(bytes.slice(0, 5), 15);
    hear(bytes.slice(5, 20), 15);
    expect(pauses).toEqual([]);
    hear(bytes.slice(20), 10);
    expect(pauses).toEqual([PAUSE_MS]);
  });

  it("is charged once: what follows begins with nothing", () => {
    const { pauses, hear } = sorting();
    const bytes = wire({ method: "a" });
    hear(bytes, 6);
    hear(bytes.slice(0, 5), TAKES_MS);
    expect(pauses).toEqual([]);
    hear(bytes.slice(5));
    // Almost all of the first 6 ms are still owed.
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeGreaterThan(PAUSE_MS);
    expect(pauses[0]).toBeLessThan(PAUSE_MS + 200);
  });
});

describe("an answer that was asked for", () => {
  it("costs nothing, however long reading takes, and neither do the pieces in which it came", () => {
    const { pauses, ask, hear } = sorting();
    ask();
    ask();
    const first = wire({ id: 1, result: 1 });
    hear(first.slice(0, 9), 500);
    hear(first.slice(9), 500);
    hear(wire({ id: 2, error: { code: 1, message: "no" } }), 500);
    hear(wire({ method: "a" }));
    expect(pauses).toEqual([]);
  });

  it("buys nothing for what comes after it", () => {
    const { pauses, ask, hear } = sorting();
    ask();
    hear(wire({ id: 1, result: 1 }));
    const bytes = wire({ method: "a" });
    hear(bytes.slice(0, 5), TAKES_MS);
    hear(bytes.slice(5));
    expect(pauses).toEqual([PAUSE_MS]);
  });

  it("buys nothing either when something unasked came with it", () => {
    const { pauses, ask, hear } = sorting();
    ask();
    const bytes = wire({ method: "a" });
    hear(wire({ id: 1, result: 1 }) + bytes);
    hear(bytes.slice(0, 5), TAKES_MS);
    hear(bytes.slice(5));
    expect(pauses).toEqual([PAUSE_MS]);
  });
});
