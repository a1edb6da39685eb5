import { expect, it } from "vitest";
import {
  OUTPUT_BYTES,
  OUTPUT_EVENTS,
  OUTPUT_RESERVE_BYTES,
  OutputBudget,
} from "../../../../packages/host/src/surfaces/commands/output-budget.js";
import type { OutputEvent } from "../../../../packages/host/src/surfaces/commands/output-event.js";
import { verifies } from "../../../requirements/verifies.js";

const ROOM = OUTPUT_BYTES - OUTPUT_RESERVE_BYTES;
const text = (content: string): OutputEvent => ({ kind: "text", content });
const start = (id: string): OutputEvent => ({ kind: "task.start", id, label: "", taskKind: "generic" });

function filled(events: readonly OutputEvent[]): OutputBudget {
  const budget = new OutputBudget();
  for (const event of events) budget.add(event);
  return budget;
}

it(verifies("CMD-020") + "the limits are the reference's", () => {
  expect([OUTPUT_BYTES, OUTPUT_EVENTS, OUTPUT_RESERVE_BYTES]).toEqual([262_144, 1_024, 16_384]);
});

it(verifies("CMD-020") + "text is cut at a whole character, and later text is dropped", () => {
  const budget = filled([text("a".repeat(ROOM - 3)), text("éé"), text("b")]);
  expect(budget.events[1]).toEqual(text("é"));
  expect(budget.counts()).toMatchObject({ retained: 3, truncated: 1, dropped: 0 });
  expect(budget.events[2]).toEqual(text("b"));
  budget.add(text("c"));
  expect(budget.counts()).toMatchObject({ produced: 4, dropped: 1 });
});

it(verifies("CMD-021") + "a table that does not fit is dropped whole", () => {
  const budget = filled([
    text("a".repeat(ROOM - 3)),
    { kind: "table", headers: ["ab"], rows: [["cd"]] },
    { kind: "table", headers: ["a"], rows: [["b"]] },
  ]);
  expect(budget.events.map(({ kind }) => kind)).toEqual(["text", "table"]);
});

it(verifies("CMD-022") + "the first done is kept whatever came before, a second one is not", () => {
  const flood = Array.from({ length: 2_000 }, () => text("x"));
  const budget = filled([...flood, { kind: "done" }, { kind: "done" }]);
  expect(budget.events).toHaveLength(OUTPUT_EVENTS);
  expect(budget.events.at(-1)).toEqual({ kind: "done" });
  expect(budget.counts()).toMatchObject({
    produced: 2_002,
    retained: OUTPUT_EVENTS,
    dropped: 978,
    sawDone: true,
  });
});

it(verifies("CMD-023") + "the end of a task whose start was kept is kept once, of any other never", () => {
  const end = (id: string): OutputEvent => ({ kind: "task.done", id, error: "e".repeat(1_000) });
  const flood = Array.from({ length: 2_000 }, () => text("x"));
  const budget = filled([
    start("kept"),
    start("kept"),
    ...flood,
    start("lost"),
    end("kept"),
    end("kept"),
    end("lost"),
  ]);
  const ends = budget.events.filter(({ kind }) => kind === "task.done");
  expect(ends).toEqual([end("kept")]);
  expect(budget.events.length).toBeLessThanOrEqual(OUTPUT_EVENTS);
  expect(budget.counts()).toMatchObject({ droppedErrors: 2 });
});

it(
  verifies("CMD-023") + "errors of tasks share the reserve, so that no number of tasks passes the limit",
  () => {
    const ids = Array.from({ length: 100 }, (_, n) => `t${n}`);
    const budget = filled([
      ...ids.map(start),
      text("x".repeat(OUTPUT_BYTES)),
      ...ids.map((id): OutputEvent => ({ kind: "task.done", id, error: "e".repeat(1_024) })),
    ]);
    expect(budget.events.filter(({ kind }) => kind === "task.done")).toHaveLength(100);
    expect(Buffer.byteLength(JSON.stringify(budget.events))).toBeLessThan(OUTPUT_BYTES + 100 * 200);
  },
);

it(verifies("CMD-024") + "the notice is an error when an error is missing", () => {
  const budget = filled([text("x".repeat(ROOM)), { kind: "error", content: "bad" }]);
  expect(budget.notice()).toEqual({
    severity: "error",
    text: "Output was cut: of 2 events 1 were left out, among them 1 errors and 0 shortened (limits: 256 KiB, 1024 events).",
  });
  expect(filled([text("x")]).notice()).toBeUndefined();
});
