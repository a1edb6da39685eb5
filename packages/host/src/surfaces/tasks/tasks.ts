import { isJsonObject } from "@synaps/sdk/protocol";
import { Listeners } from "../../listeners.js";
import type { Extension } from "../../supervision/extension.js";
import type { HostServices } from "../services.js";
import { parseTask, TASK_METHODS, type TaskEvent } from "./task-event.js";
import { TaskList, type TaskChange, type TaskFeed, type TaskListener, type TaskState } from "./task-list.js";

/** Longer work that extensions report. Kept over restarts of a process, until the extension leaves. */
export class Tasks implements TaskFeed {
  readonly #lists = new Map<string, TaskList>();
  readonly #listeners: Listeners<[TaskChange]>;

  constructor({ inbound, logger, onMembers }: Pick<HostServices, "inbound" | "logger" | "onMembers">) {
    this.#listeners = new Listeners(logger, "tasks");
    for (const method of TASK_METHODS) {
      inbound.listen(method, (from, params) => this.#take(from, parseTask(method, params), params));
    }
    onMembers((change) => {
      if (change.type === "removed") this.#lists.delete(change.extension.id);
    });
  }

  /** Tasks of one extension in the order they started. */
  of(extension: string): TaskState[] {
    return this.#lists.get(extension)?.all() ?? [];
  }

  listen(listener: TaskListener): () => void {
    return this.#listeners.listen(listener);
  }

  #take(from: Extension, event: TaskEvent | undefined, params: unknown): void {
    if (!event) return;
    const list = this.#lists.get(from.id) ?? new TaskList();
    this.#lists.set(from.id, list);
    const task = list.apply(event);
    if (!task) return;
    const requestId = isJsonObject(params) ? params["request_id"] : undefined;
    this.#listeners.tell({
      extension: from.id,
      task,
      event,
      requestId: typeof requestId === "string" ? requestId : undefined,
    });
  }
}
