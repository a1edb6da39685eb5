import { describe, expect, it } from "vitest";
import { globMatches } from "@synaps/sdk/protocol";
import { acceptsInput, namedBy } from "../../../packages/host/src/dispatch/filter.js";
import type { Filter } from "../../../packages/host/src/dispatch/subscription.js";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { toolEvent } from "../../helpers/chain-kit.js";

/** Which of the two looks at an event fails. */
function skippedBy(filter: Filter, event: OutgoingEvent): "tools" | "input" | undefined {
  const { tool_name, tool_runtime_name } = event.envelope;
  if (!namedBy(filter, tool_name, tool_runtime_name)) return "tools";
  return acceptsInput(filter, event) ? undefined : "input";
}

describe("filter", () => {
  const event = OutgoingEvent.from(
    {
      kind: "before_tool_call",
      tool_name: "p_echo",
      tool_runtime_name: "p:echo",
      tool_input: { a: 'say "hi"', b: [1] },
    },
    0,
  );

  it("takes everything without a condition", () => {
    expect(skippedBy({}, event)).toBeUndefined();
  });

  it("matches tools by either name and by glob", () => {
    for (const tools of [["p_echo"], ["p:echo"], ["x", "p_*"], ["p?echo"], ["*"]]) {
      expect(skippedBy({ tools }, event)).toBeUndefined();
    }
    for (const tools of [["echo"], [], ["p_echo?"], ["P_echo"]])
      expect(skippedBy({ tools }, event)).toBe("tools");
  });

  it("skips by tool when the event has none", () => {
    expect(skippedBy({ tools: ["*"] }, OutgoingEvent.from({ kind: "before_message" }, 0))).toBe("tools");
  });

  it("looks for text in compact JSON, with quotes escaped", () => {
    expect(skippedBy({ inputContains: 'say \\"hi\\"' }, event)).toBeUndefined();
    expect(skippedBy({ inputContains: 'say "hi"' }, event)).toBe("input");
    expect(skippedBy({ inputContains: '"b":[1]' }, event)).toBeUndefined();
    expect(skippedBy({ inputContains: "null" }, toolEvent(null))).toBeUndefined();
  });

  it("compares JSON deeply; an absent input is null", () => {
    expect(skippedBy({ inputEquals: { value: { b: [1], a: 'say "hi"' } } }, event)).toBeUndefined();
    expect(skippedBy({ inputEquals: { value: { b: [1] } } }, event)).toBe("input");
    expect(skippedBy({ inputEquals: { value: null } }, OutgoingEvent.from({ kind: "x" }, 0))).toBeUndefined();
  });

  it("wants all conditions to hold", () => {
    const both = { inputContains: "say", inputEquals: { value: "other" } };
    expect(skippedBy(both, event)).toBe("input");
    expect(skippedBy({ ...both, tools: ["none"] }, event)).toBe("tools");
  });

  it.each([
    ["", "", true],
    ["*", "", true],
    ["a*c", "abc", true],
    ["a*c", "abd", false],
    ["a*b*c", "a-b-b-c", true],
    ["**", "x", true],
    ["*a", "a", true],
    ["a*c", "ac", true],
    ["?", "", false],
    ["a?", "a", false],
    ["a", "ab", false],
    ["*a", "ba", true],
    ["*ab", "aab", true],
    ["a*", "b", false],
  ])("glob %j on %j is %s", (pattern, name, expected) => {
    expect(globMatches(pattern, name)).toBe(expected);
  });
});
