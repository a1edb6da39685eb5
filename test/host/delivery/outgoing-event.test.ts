import { describe, expect, it } from "vitest";
import { readEvent, type EventInput } from "../../../packages/host/src/delivery/event-input.js";
import {
  inputTextOf,
  MAX_PREVIEW_BYTES,
  OutgoingEvent,
  preview,
} from "../../../packages/host/src/delivery/outgoing-event.js";

const call = (more: Partial<EventInput> = {}): EventInput => ({
  kind: "before_tool_call",
  tool_name: "bash",
  tool_input: { command: "ls" },
  ...more,
});

const metaOf = (event: OutgoingEvent, deadlineMs = 5_000, attempt = 1): Record<string, unknown> => {
  const params = event.params(true, deadlineMs, attempt);
  const text =
    typeof params === "string" ? params : Buffer.from(params.shared).toString("utf8") + params.tail;
  return (JSON.parse(text) as { meta: Record<string, unknown> }).meta;
};

describe("the text of an event", () => {
  it("has every member of the envelope, null where the program passed none", () => {
    const event = OutgoingEvent.from(call(), 7);
    expect(JSON.parse(event.text)).toEqual({
      kind: "before_tool_call",
      tool_name: "bash",
      tool_runtime_name: null,
      tool_input: { command: "ls" },
      tool_output: null,
      message: null,
      session_id: null,
      transcript: null,
      data: null,
    });
    expect(event.params(false, 5_000, 1)).toBe(event.text);
    expect(event.envelope).toEqual(JSON.parse(event.text));
  });

  it("is the same when the input's text was there already", () => {
    const everything = call({
      tool_runtime_name: "p:bash",
      tool_output: "out",
      message: "m",
      session_id: "s",
      transcript: [1],
      data: { n: 1 },
    });
    const plain = OutgoingEvent.from(everything, 7);
    const read = readEvent(everything);
    const around = OutgoingEvent.of(read, 7, inputTextOf(read));
    expect(around.text).toBe(plain.text);
    expect([around.inputText, plain.inputText]).toEqual(['{"command":"ls"}', '{"command":"ls"}']);
    const bare = readEvent({ kind: "x" });
    expect(OutgoingEvent.of(bare, 0, inputTextOf(bare)).inputText).toBe("null");
  });

  it("goes out as shared bytes from 16 KiB on, with and without the members beside the envelope", () => {
    const below = OutgoingEvent.from(call({ message: "x".repeat(16_000) }), 7);
    expect(typeof below.params(false, 5_000, 1)).toBe("string");
    const large = OutgoingEvent.from(call({ message: "x".repeat(16 * 1024) }), 7);
    const params = large.params(false, 5_000, 1);
    if (typeof params === "string") throw new Error("it is text");
    expect(Buffer.from(params.shared).toString() + params.tail).toBe(large.text);
    expect(metaOf(large, 300, 2)).toMatchObject({ deadline_ms: 300, attempt: 2 });
  });

  it("of what JSON cannot carry is refused, whichever member has it", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const throws = new (class {
      toJSON(): never {
        throw new Error("not today");
      }
    })();
    const wrong: [Partial<EventInput>, string][] = [
      [{ tool_input: Number.NaN }, "the number at /tool_input is NaN"],
      [{ data: { n: 2 ** 60 } as never }, "at /data/n is an integer beyond 2^53"],
      [{ transcript: [() => 1] as never }, "a function at /transcript/0"],
      [{ tool_input: cycle as never }, "over 512 levels deep at /tool_input/0/0/"],
      [{ data: throws as never }, "not today"],
    ];
    for (const [more, problem] of wrong)
      expect(() => OutgoingEvent.from(call(more), 0)).toThrow(
        expect.objectContaining({ code: "EVENT_INVALID", message: expect.stringContaining(problem) }),
      );
    expect(() => inputTextOf(readEvent(call({ tool_input: [undefined] as never })))).toThrow(
      "nothing at /tool_input/0",
    );
  });
});

describe("the members beside the envelope", () => {
  it("tell time, deadline and attempt, and an id of the form of a UUID that no other event has", () => {
    const [one, two] = [OutgoingEvent.from(call(), 1_234), OutgoingEvent.from(call(), 1_235)];
    const ids = [metaOf(one), metaOf(two)].map(({ event_id }) => String(event_id));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(2);
    const { event_id, ...rest } = metaOf(one, 5_000, 1);
    expect(event_id).toBe(ids[0]);
    expect(rest).toEqual({ sent_at: 1_234, deadline_ms: 5_000, attempt: 1 });
    expect(metaOf(two)["sent_at"]).toBe(1_235);
    expect(metaOf(one, 5_000, 2)["attempt"]).toBe(2);
    expect(metaOf(one, 400, 2)["deadline_ms"]).toBe(400);
    expect(metaOf(one)["sent_at"]).toBe(1_234);
  });

  it.each([
    [{ correlation_id: "c" }, { correlation_id: "c" }],
    [{ tool_call_id: "t" }, { tool_call_id: "t" }],
    [{ is_error: false }, { is_error: false }],
    [{ tool_output: "small" }, { truncated: false }],
    [
      { tool_output: "x".repeat(MAX_PREVIEW_BYTES + 1), is_error: true },
      { is_error: true, truncated: true, total_bytes: MAX_PREVIEW_BYTES + 1 },
    ],
  ])("tell what the program passed (case %#)", (given, told) => {
    const { event_id: _, ...rest } = metaOf(OutgoingEvent.from(call(given), 9));
    expect(rest).toEqual({ sent_at: 9, ...told, deadline_ms: 5_000, attempt: 1 });
  });
});

describe("an output", () => {
  it("of at most 256 KiB is its own preview; a longer one ends in a mark with its size", () => {
    const most = "x".repeat(MAX_PREVIEW_BYTES);
    expect(preview(most)).toBe(most);
    expect(preview(`${most}y`)).toBe(`${most}…[truncated, ${MAX_PREVIEW_BYTES + 1} total bytes]`);
    const event = OutgoingEvent.from(call({ tool_output: `${most}y` }), 0);
    expect(event.envelope.tool_output).toBe(preview(`${most}y`));
    expect([event.fullOutput, event.field("tool_output")]).toEqual([`${most}y`, `${most}y`]);
    expect(OutgoingEvent.from(call({ tool_output: "" }), 0).envelope.tool_output).toBe("");
  });
});

describe("a rewrite", () => {
  const event = OutgoingEvent.from(call({ message: "m", correlation_id: "c", tool_output: "old" }), 3);

  it("makes another event with one member replaced", () => {
    const changed = event.with("tool_input", { command: "pwd" });
    expect(changed.envelope).toEqual({ ...event.envelope, tool_input: { command: "pwd" } });
    expect([changed.inputText, event.inputText]).toEqual(['{"command":"pwd"}', '{"command":"ls"}']);
    expect(changed.input).toEqual({ command: "pwd" });
    expect(metaOf(changed)).toMatchObject({ sent_at: 3, correlation_id: "c" });
    expect(event.with("message", "n").envelope.message).toBe("n");
    expect(() => event.with("data", [undefined] as never)).toThrow("nothing at /data/0");
  });

  it("of an output takes text as it is, and anything else as JSON", () => {
    expect(event.with("tool_output", "new").fullOutput).toBe("new");
    expect(event.with("tool_output", { a: 1 }).fullOutput).toBe('{"a":1}');
    const long = "x".repeat(MAX_PREVIEW_BYTES + 5);
    expect(event.with("tool_output", long).envelope.tool_output).toBe(preview(long));
    expect(event.with("tool_output", long).fullOutput).toBe(long);
  });

  it("is compared by what the events say, an output by its whole text", () => {
    expect(event.sameIn("tool_input", event.with("tool_input", { command: "ls" }))).toBe(true);
    expect(event.sameIn("tool_input", event.with("tool_input", { command: "pwd" }))).toBe(false);
    const [one, two] = ["a", "b"].map((end) =>
      event.with("tool_output", "x".repeat(MAX_PREVIEW_BYTES) + end),
    ) as [OutgoingEvent, OutgoingEvent];
    expect([one.sameIn("tool_output", two), one.sameIn("tool_output", one)]).toEqual([false, true]);
  });

  it("hands a copy out: whoever changes it changes no event", () => {
    const copy = event.field("tool_input") as { command: string };
    copy.command = "changed";
    expect(event.input).toEqual({ command: "ls" });
  });
});
