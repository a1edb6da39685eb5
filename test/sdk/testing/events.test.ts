import type { SynapsEvent, SynapsKind } from "@synaps/sdk";
import { compilePayload } from "@synaps/host/tooling";
import { synapsPayloads } from "@synaps/sdk/catalogs";
import { ENVELOPE_KEYS, synapsCatalog } from "@synaps/sdk/protocol";
import { envelope, events, partsOf } from "@synaps/sdk/testing";
import { describe, expect, expectTypeOf, it } from "vitest";
import { Projection } from "../../../packages/host/src/delivery/projection.js";
import { verifies } from "../../requirements/verifies.js";

const usage = {
  provider: "p",
  model: null,
  session_id: null,
  message_id: null,
  turn_id: null,
  usage: {
    input_tokens: 1,
    output_tokens: 2,
    cache_read_input_tokens: 3,
    cache_creation_input_tokens: 4,
  },
  source: { event: "turn" },
  occurred_at: "2026-01-01T00:00:00Z",
};
const compaction = { old_session_id: "a", new_session_id: "b", message_count: 3, source: "auto" };

const BUILT = {
  before_tool_call: events.before_tool_call({ tool_name: "bash", tool_input: { command: "ls" } }),
  after_tool_call: events.after_tool_call({ tool_name: "bash", tool_output: "file" }),
  before_message: events.before_message({ message: "hello" }),
  on_message_complete: events.on_message_complete({
    message: "done",
    data: { content_block_count: 1, has_tool_use: false },
  }),
  on_compaction: events.on_compaction({ message: "short", data: compaction }),
  on_usage: events.on_usage({ data: usage }),
  on_decision: events.on_decision({
    data: {
      stage: "decided",
      kind: "before_tool_call",
      event_id: "e-1",
      decision: "block",
      decided_by: "guard",
      votes: [{ extension: "guard", subscription: "g", said: "block", ms: 1 }],
      duration_ms: 1,
    },
  }),
  on_session_start: events.on_session_start({ session_id: "s" }),
  on_session_end: events.on_session_end({ session_id: "s", transcript: [{ role: "user" }] }),
} satisfies { [K in SynapsKind]: SynapsEvent<K> };

describe("events", () => {
  it.each(Object.entries(BUILT))(
    "builds %s in the whole envelope, in the order of the wire",
    (kind, event) => {
      expect(Object.keys(event)).toEqual(ENVELOPE_KEYS);
      expect(event.kind).toBe(kind);
      expect(compilePayload(synapsPayloads[kind as SynapsKind])(event)).toBeUndefined();
    },
  );

  it("has a builder for every kind and fills what is not given with null", () => {
    expect(Object.keys(events)).toEqual(Object.keys(synapsCatalog.kinds));
    expect(BUILT.on_session_start).toEqual({ ...envelope("on_session_start"), session_id: "s" });
    expect(Object.values(envelope("x")).filter((value) => value === null)).toHaveLength(8);
  });

  it("types the fields by the kind", () => {
    expectTypeOf(BUILT.after_tool_call.tool_output).toEqualTypeOf<string>();
    // @ts-expect-error a tool call has a name
    events.before_tool_call({ tool_input: {} });
    // @ts-expect-error a message is text
    events.before_message({ message: null });
    // @ts-expect-error the kind is the builder's
    events.before_message({ message: "", kind: "on_usage" });
  });
});

describe("the parts of an event", () => {
  const event = events.before_tool_call({
    tool_name: "bash",
    tool_input: { command: "ls", env: { A: "1" }, list: [1], "a/b": 2 },
  });

  it.each([
    [["/tool_name"]],
    [["/tool_input/command", "/session_id"]],
    [["/tool_input/env/A", "/tool_input/a~1b", "/tool_input/nothing", "/tool_input/list/0"]],
    [["/tool_input", "/tool_input/command", "/data/x"]],
  ])(verifies("FLD-013") + ": %j are those that a host sends", (fields) => {
    const sent = new Projection(fields).pick((member) => event[member]);
    expect(partsOf(event, fields)).toEqual(sent);
  });

  it("are refused for what is no pointer", () => {
    expect(() => partsOf(event, ["tool_name"])).toThrow("'tool_name' is no JSON pointer");
    expect(() => partsOf(event, [""])).toThrow("no JSON pointer to a part");
  });
});
