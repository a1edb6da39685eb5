import type { TaskEvent, TaskKind } from "./task-event.js";

/** A task that changed, and the extension that it belongs to. */
export interface TaskChange {
  extension: string;
  task: TaskState;
  event: TaskEvent;
  /** The command that the task belongs to, if the extension named one. */
  requestId: string | undefined;
}

/** Told each change of a task, while it is read: it must be quick. Errors that it throws are logged. */
export type TaskListener = (change: TaskChange) => void;

/** The tasks of all extensions, as other surfaces follow them. */
export interface TaskFeed {
  /** Calls the listener after each change, while it is read: it must be quick. Returns how to stop that. */
  listen(listener: TaskListener): () => void;
}

/** One piece of work as it stands now. */
export interface TaskState {
  readonly id: string;
  readonly label: string;
  readonly kind: TaskKind;
  readonly current: number | undefined;
  readonly total: number | undefined;
  /** From 0 to 1, when current and total are known. */
  readonly fraction: number | undefined;
  readonly message: string | undefined;
  /** The last lines, oldest first. */
  readonly log: readonly string[];
  readonly done: boolean;
  /** The reason of a failed task, once it is done. */
  readonly error: string | undefined;
}

/** Lines that are kept of each task. The reference's number. */
export const TASK_LOG_LINES = 8;
/** Tasks that are kept of each extension. The oldest finished task makes room; if none is finished, a new task is ignored. */
export const MAX_TASKS = 64;

/** The tasks of one extension, in the order in which they started first. */
export class TaskList {
  readonly #tasks = new Map<string, TaskState>();

  all(): TaskState[] {
    return [...this.#tasks.values()];
  }

  /** Applies an event. Returns the task after it; undefined when nothing changed, as for an unknown task. */
  apply(event: TaskEvent): TaskState | undefined {
    const before = this.#tasks.get(event.id);
    const after =
      event.kind === "task.start" ? this.#started(event, before) : before && changed(before, event);
    if (after) this.#tasks.set(event.id, after);
    return after;
  }

  #started(
    { id, label, taskKind }: Extract<TaskEvent, { kind: "task.start" }>,
    before: TaskState | undefined,
  ): TaskState | undefined {
    if (!before && !this.#makeRoom()) return undefined;
    return {
      id,
      label,
      kind: taskKind,
      current: undefined,
      total: undefined,
      fraction: undefined,
      message: undefined,
      log: [],
      done: false,
      error: undefined,
    };
  }

  #makeRoom(): boolean {
    if (this.#tasks.size < MAX_TASKS) return true;
    for (const [id, { done }] of this.#tasks) {
      if (done) return this.#tasks.delete(id);
    }
    return false;
  }
}

function changed(task: TaskState, event: Exclude<TaskEvent, { kind: "task.start" }>): TaskState {
  switch (event.kind) {
    case "task.update": {
      const { current = task.current, total = task.total, message = task.message } = event;
      return { ...task, current, total, message, fraction: fractionOf(current, total) };
    }
    case "task.log":
      return { ...task, log: [...task.log, event.line].slice(-TASK_LOG_LINES) };
    case "task.done":
      return { ...task, done: true, error: event.error };
  }
}

function fractionOf(current: number | undefined, total: number | undefined): number | undefined {
  if (current === undefined || total === undefined || total <= 0) return undefined;
  return Math.min(1, current / total);
}
