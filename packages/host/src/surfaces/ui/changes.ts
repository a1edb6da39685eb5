import type { Listeners } from "../../listeners.js";
import type { TaskChange } from "../tasks/task-list.js";
import type { EditorState, EditorValue } from "./editor-render.js";
import type { Widget } from "./widget.js";

/** A change of something that a program shows for extensions. */
export type UiChange =
  | { type: "widget"; widget: Widget }
  /** `expired`: the widget's time was over. `gone`: its extension is not there any more. */
  | { type: "widget_dismissed"; widget: Widget; reason: "dismissed" | "expired" | "gone" }
  | ({ type: "task" } & TaskChange)
  | { type: "editor"; editor: EditorState }
  /** The extension chose a value. The program stores it. */
  | { type: "editor_commit"; editor: EditorState; value: EditorValue }
  | { type: "editor_closed"; editor: EditorState; reason: string | undefined };

/**
 * Told each change of something that extensions show, while it is read: it must be quick. Errors that it throws are
 * logged.
 */
export type UiListener = (change: UiChange) => void;

export type UiChanges = Listeners<[UiChange]>;
