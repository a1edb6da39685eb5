import { isJsonObject } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import type { Inbound } from "../../supervision/inbound.js";
import type { Logger } from "../../logger.js";
import { messageOf } from "../../errors.js";
import { parseTask, TASK_METHODS, type TaskEvent } from "./task-event.js";
import { TaskList, type TaskState } from "./task-list.js";

/** A task that changed, and whose it is. */
export interface TaskChange {
  extension: string;
  task: TaskState;
  event: TaskEvent;
  /** The command it was said to belong to, if the extension named one. */
  requestId: string | undefined;
}

export type TaskListener = (change: TaskChange) => void;

/** What all extensions say about their longer work. Kept over restarts of a process; a stop of the host ends it. */
export class Tasks {
  readonly #lists = new Map<string, TaskList>();
  readonly #listeners = new Set<TaskListener>();
  readonly #logger: Logger;

  constructor(inbound: Inbound, logger: Logger) {
    this.#logger = logger;
    for (const method of TASK_METHODS) {
      inbound.listen(method, (from, params) => this.#take(from, parseTask(method, params), params));
    }
  }

  /** Tasks of one extension in the order they started. */
  of(extension: string): TaskState[] {
    return this.#lists.get(extension)?.all() ?? [];
  }

  /** Calls the listener after each change, while it is read: it must be quick. Returns how to stop that. */
  listen(listener: TaskListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #take(from: Extension, event: TaskEvent | undefined, params: unknown): void {
    if (!event) return;
    const list = this.#lists.get(from.id) ?? new TaskList();
    this.#lists.set(from.id, list);
    const task = list.apply(event);
    if (!task) return;
    const requestId = isJsonObject(params) ? params["request_id"] : undefined;
    const change: TaskChange = {
      extension: from.id,
      task,
      event,
      requestId: typeof requestId === "string" ? requestId : undefined,
    };
    for (const listener of this.#listeners) this.#tell(listener, change);
  }

  #tell(listener: TaskListener, change: TaskChange): void {
    try {
      listener(change);
    } catch (error) {
      // An embedder's mistake must not stop the reading of what extensions send.
      this.#logger.warn("a listener for tasks threw", { reason: messageOf(error) });
    }
  }
}
