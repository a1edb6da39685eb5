import { messageOf } from "../../errors.js";
import type { Logger } from "../../logger.js";
import type { TaskChange } from "../tasks/tasks.js";
import type { EditorState, EditorValue } from "./editor-render.js";
import type { Widget } from "./widget.js";

/** Something that a program shows for extensions changed. */
export type UiChange =
  | { type: "widget"; widget: Widget }
  /** `expired`: its time was over; `gone`: its extension is. */
  | { type: "widget_dismissed"; widget: Widget; reason: "dismissed" | "expired" | "gone" }
  | ({ type: "task" } & TaskChange)
  | { type: "editor"; editor: EditorState }
  /** The extension chose a value. Storing it is the program's part. */
  | { type: "editor_commit"; editor: EditorState; value: EditorValue }
  | { type: "editor_closed"; editor: EditorState; reason: string | undefined };

export type UiListener = (change: UiChange) => void;

/** Tells listeners of changes, one after the other. */
export class UiChanges {
  readonly #listeners = new Set<UiListener>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  listen(listener: UiListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(change: UiChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#logger.warn("a listener for what extensions show threw", { reason: messageOf(error) });
      }
    }
  }
}
