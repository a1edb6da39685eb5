import { isJsonObject } from "@synaps/sdk/protocol";
import { Listeners } from "../../listeners.js";
import type { Extension } from "../../supervision/extension.js";
import type { HostServices } from "../services.js";
import { parseTask, TASK_METHODS, type TaskEvent } from "./task-event.js";
import { Drops } from "../drops.js";
import {
  MAX_TASKS,
  TaskList,
  type TaskChange,
  type TaskFeed,
  type TaskListener,
  type TaskState,
} from "./task-list.js";

/** Longer work that extensions report. Kept over restarts of a process, until the extension leaves. */
export class Tasks implements TaskFeed {
  readonly #lists = new Map<string, TaskList>();
  readonly #listeners: Listeners<[TaskChange]>;
  readonly #drops: Drops;

  constructor(services: Pick<HostServices, "inbound" | "logger" | "onMembers" | "warn">) {
    const { inbound, logger, onMembers } = services;
    this.#drops = new Drops(services, "report of a task");
    this.#listeners = new Listeners(logger, "tasks");
    for (const method of TASK_METHODS) {
      inbound.listen(method, (from, params) => this.#take(from, parseTask(method, params), params));
    }
    onMembers((change) => {
      if (change.type !== "removed") return;
      this.#lists.delete(change.extension.id);
      this.#drops.forget(change.extension.id);
    });
  }

  /** Tasks of one extension in the order they started. */
  of(extension: string): TaskState[] {
    return this.#lists.get(extension)?.all() ?? [];
  }

  /** Number of reports of an extension that changed nothing: malformed, of unknown tasks, or beyond 64 open tasks. */
  dropped(extension: string): number {
    return this.#drops.of(extension);
  }

  listen(listener: TaskListener): () => void {
    return this.#listeners.listen(listener);
  }

  #take(from: Extension, event: TaskEvent | undefined, params: unknown): void {
    if (!event) return this.#drops.add(from, "it is malformed");
    const list = this.#lists.get(from.id) ?? new TaskList();
    this.#lists.set(from.id, list);
    const task = list.apply(event);
    if (!task) {
      const isNew = event.kind === "task.start";
      return this.#drops.add(
        from,
        isNew ? `${MAX_TASKS} tasks are open` : "it names no task that was started",
      );
    }
    const requestId = isJsonObject(params) ? params["request_id"] : undefined;
    this.#listeners.tell({
      extension: from.id,
      task,
      event,
      requestId: typeof requestId === "string" ? requestId : undefined,
    });
  }
}
