import { nullLogger } from "@synaps/host";
import { expect, it } from "vitest";
import type { OutputEvent } from "../../../../packages/host/src/surfaces/commands/output-event.js";
import { OutputRouter } from "../../../../packages/host/src/surfaces/commands/output-router.js";
import type { Extension } from "../../../../packages/host/src/supervision/extension.js";
import { Inbound } from "../../../../packages/host/src/supervision/inbound.js";
import { MAX_TASKS, TaskList } from "../../../../packages/host/src/surfaces/tasks/task-list.js";
import { Tasks } from "../../../../packages/host/src/surfaces/tasks/tasks.js";
import { verifies } from "../../../requirements/verifies.js";

const from = (id: string): Extension => ({ id }) as Extension;

it(
  verifies("CMD-011") +
    "output and tasks reach the call of their own extension alone, and only while it is open",
  () => {
    const inbound = new Inbound(nullLogger);
    const tasks = new Tasks({ inbound, logger: nullLogger, onMembers: () => () => {}, warn: () => {} });
    const router = new OutputRouter({ inbound, tasks, logger: nullLogger });
    const seen: OutputEvent[] = [];
    const close = router.open("mine", "command-1", (event) => event && void seen.push(event));
    const text = (request_id: string): object => ({ request_id, kind: "text", content: "t" });
    inbound.notify(from("other"), "command.output", text("command-1"));
    inbound.notify(from("mine"), "command.output", text("command-2"));
    inbound.notify(from("other"), "task.start", { id: "a", label: "A" });
    inbound.notify(from("mine"), "task.start", { id: "b", label: "B", request_id: "command-2" });
    expect(seen).toEqual([]);
    inbound.notify(from("mine"), "command.output", text("command-1"));
    inbound.notify(from("mine"), "task.start", { id: "c", label: "C" });
    expect(seen.map(({ kind }) => kind)).toEqual(["text", "task.start"]);
    close();
    inbound.notify(from("mine"), "command.output", text("command-1"));
    expect([seen.length, router.size]).toEqual([2, 0]);
  },
);

it(
  verifies("CMD-051") +
    "the tasks of an extension are bounded: one that is done makes room, else a new one is ignored",
  () => {
    const list = new TaskList();
    const start = (id: string): unknown =>
      list.apply({ kind: "task.start", id, label: id, taskKind: "generic" });
    for (let n = 0; n < MAX_TASKS; n += 1) start(`t${n}`);
    expect(start("late")).toBeUndefined();
    list.apply({ kind: "task.done", id: "t5", error: "e" });
    expect(start("late")).toBeDefined();
    const ids = list.all().map(({ id }) => id);
    expect([ids.length, ids.includes("t5"), ids.at(-1)]).toEqual([MAX_TASKS, false, "late"]);
    expect(list.apply({ kind: "task.log", id: "unknown", line: "x" })).toBeUndefined();
  },
);

it(verifies("CMD-052") + "a task that starts again begins anew, at its place", () => {
  const list = new TaskList();
  const start = (id: string): unknown =>
    list.apply({ kind: "task.start", id, label: id, taskKind: "generic" });
  start("a");
  start("b");
  list.apply({ kind: "task.update", id: "a", current: 5, total: 4 });
  expect(list.all()[0]?.fraction).toBe(1);
  list.apply({ kind: "task.done", id: "a", error: "broke" });
  start("a");
  expect(list.all()).toMatchObject([
    { id: "a", done: false, error: undefined, fraction: undefined, log: [] },
    { id: "b" },
  ]);
});
