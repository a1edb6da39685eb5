import { describe, expect, it } from "vitest";
import type { EventInput } from "@synaps/host";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { fingerprint, PoisonTable } from "../../../packages/host/src/delivery/poison.js";

const LIMITS = { poisonCrashes: 2, poisonMs: 1_000, poisonTable: 3 };

function call(more: Partial<EventInput> = {}): OutgoingEvent {
  return OutgoingEvent.from({ kind: "before_tool_call", tool_name: "bash", tool_input: "x", ...more }, 0);
}

describe("a fingerprint", () => {
  it("is made of kind, tool and content", () => {
    const others = [
      call({ kind: "after_tool_call" }),
      call({ tool_name: "sh" }),
      call({ tool_runtime_name: "p:sh" }),
      call({ tool_input: "y" }),
      call({ tool_output: "x" }),
      call({ message: "x" }),
      call({ data: "x" }),
    ];
    expect(new Set([call(), ...others].map(fingerprint)).size).toBe(1 + others.length);
  });

  it("is the same whatever the session, the time and the call", () => {
    const other = OutgoingEvent.from({ ...call().envelope, session_id: "s", tool_call_id: "7" }, 99);
    expect(fingerprint(other)).toBe(fingerprint(call()));
  });

  it("says nothing about the content", () => {
    expect(fingerprint(call({ tool_input: "secret" }))).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("the table of poison", () => {
  it("keeps an event back from the second crash on, for its time", () => {
    const table = new PoisonTable(LIMITS);
    table.suspect([call()], 0);
    expect([table.blocks(call(), 0), table.list(0)]).toEqual([false, []]);
    table.suspect([call()], 10);
    expect(table.list(10)).toMatchObject([
      { kind: "before_tool_call", tool: "bash", crashes: 2, untilMs: 1_010 },
    ]);
    expect([table.blocks(call(), 1_009), table.blocks(call(), 1_010)]).toEqual([true, false]);
    expect(table.empty).toBe(true);
  });

  it("lists an event up to the end of its embargo, with all that is told of it", () => {
    const table = new PoisonTable(LIMITS);
    for (const nowMs of [0, 10]) table.suspect([call(), call({ tool_name: null })], nowMs);
    table.suspect([call({ tool_input: "once" })], 10);
    const of = (event: OutgoingEvent): object => ({
      fingerprint: fingerprint(event),
      kind: "before_tool_call",
      crashes: 2,
      untilMs: 1_010,
    });
    expect(table.list(1_009)).toEqual([
      { ...of(call()), tool: "bash" },
      { ...of(call({ tool_name: null })), tool: null },
    ]);
    expect(table.list(1_010)).toEqual([]);
  });

  it("holds nothing against an event that it does not know, whatever else it holds", () => {
    const table = new PoisonTable(LIMITS);
    const other = call({ tool_input: "other" });
    expect([table.suspects(other), table.blocks(other, 0)]).toEqual([false, false]);
    table.suspect([call()], 0);
    expect([table.suspects(call()), table.suspects(other), table.blocks(other, 0)]).toEqual([
      true,
      false,
      false,
    ]);
    table.clear(other);
    expect(table.empty).toBe(false);
  });

  it("begins to count anew when the embargo is over", () => {
    const table = new PoisonTable(LIMITS);
    for (const nowMs of [0, 10]) table.suspect([call()], nowMs);
    expect(table.blocks(call(), 1_010)).toBe(false);
    table.suspect([call()], 1_010);
    expect([table.blocks(call(), 1_010), table.suspects(call())]).toEqual([false, true]);
  });

  it("counts one crash when the same event was with the process several times over", () => {
    const table = new PoisonTable(LIMITS);
    table.suspect([call(), call(), call()], 0);
    expect(table.blocks(call(), 0)).toBe(false);
  });

  it("clears an event that was answered", () => {
    const table = new PoisonTable(LIMITS);
    table.suspect([call()], 0);
    table.clear(call());
    table.suspect([call()], 0);
    expect(table.blocks(call(), 0)).toBe(false);
  });

  it("is bounded: the oldest suspicion makes room", () => {
    const table = new PoisonTable(LIMITS);
    for (const tool_input of ["a", "b", "c", "a", "d"]) table.suspect([call({ tool_input })], 0);
    const still = ["a", "b", "c", "d"].filter((tool_input) => table.suspects(call({ tool_input })));
    expect(still).toEqual(["a", "c", "d"]);
    expect(table.blocks(call({ tool_input: "a" }), 0)).toBe(true);
  });

  it("forgets everything when told", () => {
    const table = new PoisonTable(LIMITS);
    table.suspect([call()], 0);
    table.forget();
    expect(table.empty).toBe(true);
  });
});
