import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "@synaps/sdk/protocol";
import { readEvent, type Envelope } from "../../../packages/host/src/delivery/event-input.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { ownCopy } from "../../../packages/host/src/delivery/plain-copy.js";
import { Projection } from "../../../packages/host/src/delivery/projection.js";
import { verifies } from "../../requirements/verifies.js";

const event: Envelope = {
  kind: "before_tool_call",
  tool_name: "bash",
  tool_runtime_name: null,
  tool_input: { command: "ls", env: { A: "1", B: "2" }, list: [1, 2] },
  tool_output: null,
  message: null,
  session_id: "s",
  transcript: null,
  data: null,
};
const pick = (...pointers: string[]): unknown => new Projection(pointers).pick((member) => event[member]);
const merge = (pointers: string[], answer: never): unknown =>
  new Projection(pointers).merge("tool_input", event.tool_input, answer);

describe("a projection", () => {
  it(verifies("FLD-004") + ": takes what is named in the shape of the envelope; the rest is absent", () => {
    expect(pick("/tool_name", "/tool_input/command")).toEqual({
      kind: "before_tool_call",
      tool_name: "bash",
      tool_input: { command: "ls" },
    });
    expect(JSON.stringify(pick("/session_id", "/tool_name"))).toBe(
      '{"kind":"before_tool_call","tool_name":"bash","session_id":"s"}',
    );
    expect(pick("/tool_input/env/A", "/tool_input/list")).toMatchObject({
      tool_input: { env: { A: "1" }, list: [1, 2] },
    });
  });

  it("takes nothing where the event has nothing, or a list in between", () => {
    expect(pick("/tool_input/nothing", "/tool_input/list/0", "/data/x", "/tool_input/constructor")).toEqual({
      kind: "before_tool_call",
    });
    expect(pick("/tool_runtime_name")).toHaveProperty("tool_runtime_name", null);
  });

  it("is the same for the same parts, however they are written", () => {
    const key = (...pointers: string[]): string => new Projection(pointers).key;
    expect(key("/tool_input/a", "/tool_name")).toBe(key("/tool_name", "/tool_input/a", "/tool_input/a"));
    expect(key("/tool_input", "/tool_input/a")).toBe(key("/tool_input"));
    expect(key("/tool_input/a", "/tool_input")).toBe(key("/tool_input"));
    expect(key("/tool_input/a")).not.toBe(key("/tool_input/b"));
    expect(key("/tool_input/a/b")).not.toBe(key("/tool_input/a~1b"));
  });

  it(verifies("FLD-005") + ": puts an answer into the field, whose other members stay", () => {
    expect(merge(["/tool_input/command"], { command: "pwd" } as never)).toEqual({
      command: "pwd",
      env: { A: "1", B: "2" },
      list: [1, 2],
    });
    expect(
      merge(["/tool_input/env/A", "/tool_input/new/x"], { env: { A: null }, new: { x: 1 } } as never),
    ).toEqual({ command: "ls", env: { A: null, B: "2" }, list: [1, 2], new: { x: 1 } });
    expect(merge(["/tool_input"], 7 as never)).toBe(7);
    expect(merge(["/tool_input/list/x"], { list: { x: 1 } } as never)).toBeUndefined();
  });

  it("names the first member of an answer that is not its own", () => {
    const stray = (pointers: string[], answer: never): string | undefined =>
      new Projection(pointers).stray("tool_input", answer);
    expect(stray(["/tool_input/command"], { command: "x" } as never)).toBeUndefined();
    expect(stray(["/tool_input/command"], { command: "x", "a/b": 1 } as never)).toBe("/tool_input/a~1b");
    expect(stray(["/tool_input/env/A"], { env: { B: 1 } } as never)).toBe("/tool_input/env/B");
    expect(stray(["/tool_input/env/A"], { env: 1 } as never)).toBe("/tool_input/env");
    expect(stray(["/tool_input/command"], null as never)).toBe("/tool_input");
    expect(stray(["/tool_name"], {} as never)).toBe("/tool_input");
  });

  it("of what it took, merged back, changes nothing", () => {
    const key = fc.constantFrom("a", "b", "c", "__proto__", "toString");
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.integer(),
        fc.constant(null),
        fc.array(fc.integer()),
        tie("object"),
      ),
      object: fc.dictionary(key, tie("value")),
    }));
    const pointers = fc.array(fc.array(key, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(tree.object, pointers, (input, paths) => {
        const projection = new Projection(paths.map((path) => `/tool_input/${path.join("/")}`));
        const whole = JSON.parse(JSON.stringify(input)) as Envelope["tool_input"];
        const own = projection.pick((member) => (member === "tool_input" ? whole : null)).tool_input;
        if (own === undefined) return;
        expect(projection.stray("tool_input", own)).toBeUndefined();
        expect(JSON.stringify(projection.merge("tool_input", whole, own))).toBe(JSON.stringify(whole));
      }),
    );
  });
});

it("parts are those of the whole text, for any event and any snapshot of it", () => {
  const key = fc.constantFrom("a", "b", "__proto__");
  const value = fc
    .object({ key, values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)], withDate: false })
    .map((one) => JSON.parse(JSON.stringify(one)) as JsonValue);
  const input = fc.oneof(fc.dictionary(key, value), value);
  const pointer = fc
    .tuple(fc.constantFrom("tool_name", "tool_input", "tool_output", "data"), fc.array(key, { maxLength: 2 }))
    .map(([member, keys]) => `/${[member, ...keys].join("/")}`);
  fc.assert(
    fc.property(
      input,
      fc.string(),
      fc.array(pointer, { minLength: 1, maxLength: 4 }),
      (tool_input, output, fields) => {
        const event = {
          kind: "after_tool_call",
          tool_name: "t",
          tool_input,
          tool_output: output,
          data: [tool_input],
        };
        const projection = new Projection(fields);
        const whole = JSON.parse(OutgoingEvent.from(event, 0).text) as Envelope;
        const wanted = JSON.stringify(projection.pick((member) => whole[member]));
        expect(OutgoingEvent.from(event, 0).sentTo(projection).text).toBe(wanted);
        expect(OutgoingEvent.own(ownCopy(readEvent(event)), 0).sentTo(projection).text).toBe(wanted);
      },
    ),
  );
});

it("an output that is not among the parts is not told of in meta either", () => {
  const event = OutgoingEvent.from({ kind: "x", tool_output: "x".repeat(300_000) }, 0);
  const tail = (...fields: string[]): string => event.sentTo(new Projection(fields)).metaTail(5, 1);
  expect(tail("/tool_name")).not.toMatch(/truncated|total_bytes/);
  expect(tail("/tool_output")).toContain('"truncated":true,"total_bytes":300000');
  expect(event.metaTail(5, 1)).toBe(tail("/tool_output"));
});
