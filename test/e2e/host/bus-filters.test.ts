import { eventOf } from "../../helpers/events.js";
import type { Filter, Host } from "@synaps/host";
import type { JsonValue } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";

/** Whether a subscription with this filter is asked about the event. */
async function concerned(
  filter: Filter,
  event: { tool_name?: string; tool_runtime_name?: string; tool_input?: JsonValue },
) {
  const { host }: { host: Host } = await startedHost([]);
  host.subscribe("before_tool_call", () => {}, { filter });
  const outcome = await host.emit(eventOf("before_tool_call", event));
  return outcome.votes.length === 1;
}

it(verifies("HOOK-014") + "a tool filter concerns that tool and no other", async () => {
  const filter = { tools: ["bash"] };
  expect(await concerned(filter, { tool_name: "bash" })).toBe(true);
  for (const tool_name of ["read", "Bash", "bash2", "bas", ""])
    expect(await concerned(filter, { tool_name })).toBe(false);
});

it(verifies("HOOK-035") + "a tool filter matches the API-safe name or the runtime name", async () => {
  const event = { tool_name: "notes_add", tool_runtime_name: "notes:add" };
  expect(await concerned({ tools: ["notes_add"] }, event)).toBe(true);
  expect(await concerned({ tools: ["notes:add"] }, event)).toBe(true);
  expect(await concerned({ tools: ["add"] }, event)).toBe(false);
  expect(await concerned({ tools: ["notes:add"] }, { tool_runtime_name: "notes:add" })).toBe(true);
});

it(verifies("HOOK-036") + "several tools and globs may be named", async () => {
  expect(await concerned({ tools: ["read", "write"] }, { tool_name: "write" })).toBe(true);
  expect(await concerned({ tools: ["notes:*"] }, { tool_name: "x", tool_runtime_name: "notes:add" })).toBe(
    true,
  );
  expect(await concerned({ tools: ["re?d"] }, { tool_name: "reed" })).toBe(true);
  expect(await concerned({ tools: [] }, { tool_name: "read" })).toBe(false);
});

it(verifies("HOOK-006") + "input_contains skips an event whose input does not hold the text", async () => {
  const filter = { inputContains: "danger" };
  expect(await concerned(filter, { tool_input: { command: "echo safe" } })).toBe(false);
  expect(await concerned(filter, { tool_input: { command: "echo danger" } })).toBe(true);
  expect(await concerned(filter, { tool_input: { danger: 1 } })).toBe(true);
});

it(verifies("HOOK-037") + "input_contains looks into the compact JSON of the input", async () => {
  const tool_input = { command: 'say "hi"', path: "C:\\x", n: [1, 2] };
  for (const inputContains of ['"command":"say', 'say \\"hi\\"', "C:\\\\x", "[1,2]"]) {
    expect(await concerned({ inputContains }, { tool_input }), inputContains).toBe(true);
  }
  for (const inputContains of ['say "hi"', '"command": "say', "[1, 2]"]) {
    expect(await concerned({ inputContains }, { tool_input }), inputContains).toBe(false);
  }
  expect(await concerned({ inputContains: "null" }, {})).toBe(true);
});

it(verifies("HOOK-038") + "input_equals compares JSON deeply; a missing input is null", async () => {
  const equals = (value: JsonValue): Filter => ({ inputEquals: { value } });
  expect(await concerned(equals({ a: [1, { b: null }] }), { tool_input: { a: [1, { b: null }] } })).toBe(
    true,
  );
  expect(await concerned(equals({ a: 1, b: 2 }), { tool_input: { b: 2, a: 1 } })).toBe(true);
  expect(await concerned(equals({ a: 1 }), { tool_input: { a: 1, b: 2 } })).toBe(false);
  expect(await concerned(equals({ a: 1 }), { tool_input: { a: "1" } })).toBe(false);
  expect(await concerned(equals([1, 2]), { tool_input: [2, 1] })).toBe(false);
  expect(await concerned(equals(null), {})).toBe(true);
});

it(verifies("HOOK-039") + "all conditions of one subscription must hold", async () => {
  const filter = { tools: ["bash"], inputContains: "rm", inputEquals: { value: { command: "rm x" } } };
  expect(await concerned(filter, { tool_name: "bash", tool_input: { command: "rm x" } })).toBe(true);
  expect(await concerned(filter, { tool_name: "read", tool_input: { command: "rm x" } })).toBe(false);
  expect(await concerned(filter, { tool_name: "bash", tool_input: { command: "rm y" } })).toBe(false);
  const contradiction = { inputContains: "ls", inputEquals: { value: { command: "rm x" } } };
  expect(await concerned(contradiction, { tool_name: "bash", tool_input: { command: "rm x" } })).toBe(false);
});
