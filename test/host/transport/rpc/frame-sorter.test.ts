import { describe, expect, it } from "vitest";
import { rawFrame } from "../../../helpers/frames.js";
import { sorting, wire } from "./sorter-kit.js";

/** What is told when somebody waits for number 1 and this message comes. */
function toldOf(message: unknown): unknown[] {
  const { told, ask, hear } = sorting();
  ask();
  hear(wire(message));
  return told;
}

/** The same for a message whose JSON is written out. */
function toldOfText(text: string): unknown[] {
  const { told, ask, hear } = sorting();
  ask();
  hear(rawFrame(text));
  return told;
}

const rejected = (reason: string, message: unknown): unknown[] => [
  ["problem", { type: "not_a_message", reason, sample: JSON.stringify(message) }],
];

describe("an answer", () => {
  it("goes to whoever waits for its number, with its result as it is", () => {
    for (const result of [{ n: 1 }, [], "text", 0, false, null])
      expect(toldOf({ jsonrpc: "2.0", id: 1, result })).toStrictEqual([{ type: "result", result }]);
  });

  it("may have its number as a text, as some libraries write it", () => {
    expect(toldOf({ id: "1", result: 5 })).toStrictEqual([{ type: "result", result: 5 }]);
    const { told, ask, hear } = sorting();
    for (let n = 0; n < 12; n += 1) ask();
    hear(wire({ id: "12", result: 5 }));
    expect(told).toStrictEqual([{ type: "result", result: 5 }]);
  });

  it("has the result null when it names neither a result nor an error", () => {
    expect(toldOf({ id: 1 })).toStrictEqual([{ type: "result", result: null }]);
  });

  it("is an error when it names one, also beside a result", () => {
    const error = { code: 7, message: "no", data: [1] };
    expect(toldOf({ id: 1, error })).toStrictEqual([{ type: "error", ...error }]);
    expect(toldOf({ id: 1, error: { code: 7, message: "no" }, result: 5 })).toStrictEqual([
      { type: "error", code: 7, message: "no" },
    ]);
    expect(toldOf({ id: 1, error: null, method: null, result: 5 })).toStrictEqual([
      { type: "result", result: 5 },
    ]);
  });

  it("that came once is waited for no more", () => {
    const { told, ask, hear, requests } = sorting();
    ask();
    hear(wire({ id: 1, result: 1 }) + wire({ id: 1, result: 2 }));
    expect(told).toStrictEqual([{ type: "result", result: 1 }, ["late"]]);
    expect(requests.size).toBe(0);
  });

  it("to nobody's question is a problem", () => {
    for (const id of [0, 2, -1, 1.5, "2", "100000000000000"]) {
      const message = { id, result: 1 };
      expect(toldOf(message)).toStrictEqual(rejected("a response to a request that was never sent", message));
    }
  });

  it("whose number is a text with anything but up to 15 digits is a problem", () => {
    for (const id of ["", "x1", "1x", " 1", "1.0", "-1", "1000000000000000"]) {
      const message = { id, result: 1 };
      expect(toldOf(message)).toStrictEqual(rejected("a response id must be a number", message));
    }
  });

  it("without a number is passed over: old extensions answer notifications so", () => {
    expect(toldOf({ id: null, result: 1 })).toStrictEqual([]);
    expect(toldOf({ id: null, error: { code: 1, message: "no" } })).toStrictEqual([]);
  });
});

describe("what the extension says by itself", () => {
  it("is a request with a method and a number or a text as its id, whatever else it has", () => {
    expect(toldOf({ id: 1, method: "a", params: [1] })).toStrictEqual([["request", 1, "a", [1], []]]);
    expect(toldOf({ id: "1", method: "a" })).toStrictEqual([["request", "1", "a", undefined, []]]);
    expect(toldOf({ id: 1, method: "a", result: 1 })).toStrictEqual([["request", 1, "a", undefined, []]]);
  });

  it("is a notification without an id", () => {
    expect(toldOf({ method: "a", params: { b: 1 } })).toStrictEqual([["notification", "a", { b: 1 }, []]]);
    expect(toldOf({ id: null, method: "a" })).toStrictEqual([["notification", "a", undefined, []]]);
  });

  it("is a problem when it is no message at all", () => {
    for (const message of [null, 5, "text", true])
      expect(toldOf(message)).toStrictEqual(rejected("a message must be an object", message));
    for (const message of [[], [{ id: 1, result: 1 }]])
      expect(toldOf(message)).toStrictEqual(rejected("batches are not supported", message));
    expect(toldOf({ result: 1 })).toStrictEqual(
      rejected("a message has neither a method nor an id", { result: 1 }),
    );
    expect(toldOf({ id: 1, method: 5, result: 1 })).toStrictEqual(
      rejected("a method must be a string", { id: 1, method: 5, result: 1 }),
    );
  });

  it("is shown with its first 200 characters when it is a problem", () => {
    const text = JSON.stringify(["x".repeat(300)]);
    expect(toldOfText(text)).toStrictEqual([
      ["problem", { type: "not_a_message", reason: "batches are not supported", sample: text.slice(0, 200) }],
    ]);
  });

  it("is handed on when it stands outside of frames, or is a damaged frame", () => {
    const { told, hear } = sorting();
    hear(`hello\n${rawFrame("{nothing")}`);
    expect(told).toStrictEqual([
      ["stray", 6, "hello"],
      ["problem", { type: "not_json", bytes: 8, sample: "{nothing" }],
    ]);
  });
});

describe("integers whose digits were lost", () => {
  it("are named by their places in a result, however short the answer is", () => {
    const big = "9007199254740993";
    const value = Number(big);
    expect(toldOfText(`{"id":1,"result":1e999}`)).toStrictEqual([
      { type: "result", result: Number.POSITIVE_INFINITY, inexact: [""] },
    ]);
    expect(toldOfText(`{"id":1,"result":{"action":"modify","input":${big}}}`)).toStrictEqual([
      { type: "result", result: { action: "modify", input: value }, inexact: ["/input"] },
    ]);
    expect(toldOfText(`{"jsonrpc":"2.0","id":"1","result":[0,{"a/b":${big}}]}`)).toStrictEqual([
      { type: "result", result: [0, { "a/b": value }], inexact: ["/1/a~1b"] },
    ]);
  });

  it("are named by their places in the parameters of requests and notifications, and nowhere else", () => {
    const text = (head: string): string => `{${head}"n":9007199254740993,"params":{"p":-9007199254740993}}`;
    const params = { p: -9_007_199_254_740_992 };
    expect(toldOfText(text('"method":"a",'))).toStrictEqual([["notification", "a", params, ["/p"]]]);
    expect(toldOfText(text('"method":"a","id":3,'))).toStrictEqual([["request", 3, "a", params, ["/p"]]]);
  });

  it("are not looked for in an answer that is an error", () => {
    expect(toldOfText(`{"id":1,"error":{"code":1,"message":"no"},"result":9007199254740993}`)).toStrictEqual([
      { type: "error", code: 1, message: "no" },
    ]);
  });
});

describe("the stream", () => {
  it("is told to have ended by its end, and by its closing", () => {
    for (const way of ["end", "close"]) {
      const { told, stdout } = sorting();
      stdout.emit(way);
      expect(told).toStrictEqual([["end"]]);
    }
  });

  it("was last heard when its last bytes came, of whatever kind, and at first when it began", () => {
    const { sorter, hear, now } = sorting();
    expect(sorter.heardMs).toBe(1_000);
    hear("half a li", 25);
    expect([sorter.heardMs, now()]).toEqual([1_025, 1_050]);
    hear("ne\n", 10);
    expect(sorter.heardMs).toBe(1_060);
  });

  it("is let go of: nothing is listened to, and nothing held back", () => {
    const { sorter, stdout, told, pauses, hear } = sorting();
    const listeners = (): number[] => ["data", "end", "close"].map((name) => stdout.listenerCount(name));
    const before = listeners();
    hear("noise\n", 40);
    expect([pauses.length, stdout.isPaused()]).toEqual([1, true]);
    sorter.dispose();
    expect(stdout.isPaused()).toBe(false);
    expect(listeners()).toEqual(before.map((count) => count - 1));
    hear("noise\n", 40);
    stdout.emit("end");
    expect(told).toHaveLength(1);
  });
});
