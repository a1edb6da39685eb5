import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEvent, type EventInput } from "../../../packages/host/src/delivery/event-input.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { ownCopy } from "../../../packages/host/src/delivery/plain-copy.js";

const written = (event: EventInput): string => {
  try {
    return OutgoingEvent.from(event, 0).text;
  } catch (error) {
    return String(error);
  }
};
const copied = (event: EventInput): string => {
  try {
    return OutgoingEvent.own(ownCopy(readEvent(event)), 0).text;
  } catch (error) {
    return String(error);
  }
};
class Point {
  x = 1;
  hidden = undefined;
}

describe("a snapshot of values", () => {
  it.each([
    ["a date", new Date(0)],
    ["a date that is none", new Date(Number.NaN)],
    ["an instance", new Point()],
    ["an empty instance", new (class Empty {})()],
    ["a map", new Map([[1, 2]])],
    ["bytes", Buffer.from("x")],
    ["boxes", [Object(1), Object("a"), Object(false)]],
    ["undefined members", { a: undefined, b: [1] }],
    ["a hole", [1, undefined, 2]],
    ["a function", { f: () => 1 }],
    ["a big integer", 2n],
    ["a long number", { n: 2 ** 60 }],
    ["no number", [Number.NaN]],
    ["a negative zero", -0],
    ["something that says itself", { toJSON: () => ({ said: 1 }) }],
    ["something that says nothing", { a: { toJSON: () => undefined } }],
    ["an own __proto__", JSON.parse('{"__proto__":{"a":1},"b":2}')],
    ["something too deep", Array.from({ length: 600 }).reduce<unknown>((inner) => [inner], 1)],
  ])("says the same as the text about %s", (_, value) => {
    const event = { kind: "x", data: value as never, transcript: [value as never] };
    expect(copied(event)).toBe(written(event));
  });

  it("says the same as the text about any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.option(fc.string()), (value, output) => {
        const event = { kind: "x", tool_input: value as never, tool_output: output };
        expect(copied(event)).toBe(written(event));
      }),
    );
  });

  it("does not change with the program's own values", () => {
    const data = { list: [{ n: 1 }] };
    const event = OutgoingEvent.own(ownCopy(readEvent({ kind: "x", data })), 0);
    data.list[0] = { n: 2 };
    expect(event.text).toContain('"data":{"list":[{"n":1}]}');
  });
});
