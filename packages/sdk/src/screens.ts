import type { CallContext } from "./define-extension.js";
import type { ConfigSpec } from "./config.js";
import type { JsonObject, JsonValue } from "./protocol/json.js";

type Awaitable<T> = T | Promise<T>;

/** Shows something while a command runs. The host keeps the first 256 KiB and 1,024 events. */
export interface CommandOutput {
  text(content: string): void;
  /** A remark about what is going on, as opposed to what was asked for. */
  system(content: string): void;
  /** Something went wrong; the command may go on. An empty text is not shown. */
  error(content: string): void;
  table(headers: readonly string[], rows: readonly (readonly string[])[]): void;
}

/** A longer piece of work that the user can watch. */
export interface Task {
  readonly id: string;
  update(progress: { current?: number; total?: number; message?: string }): void;
  /** The host keeps the last 8 lines. */
  log(line: string): void;
  /** With a text, it failed. Calling it again does nothing. */
  done(error?: string): void;
}

/** Id and sort of a task. Default sort: `generic`. */
export interface TaskOptions {
  /** Default: one that is new. A task that starts again under its id begins anew. */
  id?: string;
  kind?: "download" | "rebuild" | "generic";
}

/** What a command gets beside its arguments: a place for output, and tasks. */
export interface CommandContext<C extends ConfigSpec = ConfigSpec> extends CallContext<C> {
  readonly output: CommandOutput;
  /** Starts a task that belongs to this command. */
  task(label: string, options?: TaskOptions): Task;
}

/**
 * Runs a command of the manifest that is `interactive`. What it returns is the program's to use; `session_driver` in
 * it proposes how the session goes on. Throwing makes the command fail with that message.
 */
export type CommandHandler<C extends ConfigSpec = ConfigSpec> = (
  args: readonly string[],
  context: CommandContext<C>,
) => Awaitable<JsonValue | void>;

/** A row of a settings editor; `data` comes back when it is chosen. */
export interface EditorRow {
  label: string;
  marker?: string;
  selectable?: boolean;
  data?: JsonValue;
}

/** The rows of a settings editor, the selected one, and a line below them. */
export interface EditorView {
  rows: readonly EditorRow[];
  cursor?: number;
  footer?: string;
}

/** One open settings editor, for the handlers of a `SettingsEditor`. */
export interface EditorContext<C extends ConfigSpec = ConfigSpec> extends CallContext<C> {
  readonly category: string;
  readonly field: string;
  /** Shows the editor anew. */
  render(view: EditorView): void;
  /** Ends with a value, which the program stores. */
  commit(value: JsonValue): void;
  close(reason?: string): void;
}

/** An editor that the extension draws. A view that a handler returns is rendered. */
export interface SettingsEditor<C extends ConfigSpec = ConfigSpec> {
  open(editor: EditorContext<C>): Awaitable<EditorView | void>;
  /** The user pressed a key, as `Down`, `Enter` or `x`. */
  key?(key: string, editor: EditorContext<C>): Awaitable<EditorView | void>;
  /** The user decided on a value. */
  commit?(value: JsonValue, editor: EditorContext<C>): Awaitable<EditorView | void>;
}

/** What a driven session's last turn came to. */
export interface DriverPoll {
  run_id: string;
  decision_id: string;
  outcome: "success" | "provider_error" | "selection_rejected" | "time_checkpoint" | "blocked";
  error_kind: "none" | "auth" | "quota" | "rate_limit" | "transient" | "wall_clock" | "unknown";
  model: string;
  effort: string;
  feedback?: "unknown" | "changed" | "repeated" | "empty";
  session_id?: string;
}

/** What extensions offer to the program that shows them, beside hooks and tools. */
export interface ScreenDefinition<C extends ConfigSpec = ConfigSpec> {
  /** Commands by name. Each also needs an entry in the manifest's `commands` with `interactive: true`. */
  commands?: Readonly<Record<string, CommandHandler<C>>>;
  /** Editors by `<category>/<field>`. Each also needs a field with the editor `custom` in the manifest's `settings`. */
  settings?: Readonly<Record<string, SettingsEditor<C>>>;
  /** What the sidecar is started with. Default: no arguments. */
  sidecarArgs?(context: CallContext<C>): Awaitable<{ args?: readonly string[]; language?: string }>;
  /** Decides how a session goes on that this extension drives; needs the permission `session.drive`. */
  driveSession?(poll: DriverPoll, context: CallContext<C>): Awaitable<JsonObject>;
  /** Answer to `info.get`: `{build?, capabilities?, models?}`. */
  info?: JsonObject;
}

/** A box with a few lines that the program shows. */
export interface Widget {
  id: string;
  lines: readonly string[];
  /** The same lines in pieces with colours. */
  styled_lines?: readonly (readonly { text: string; fg?: string; bg?: string }[])[];
  /** `top_left`, `top_center`, `top_right` (default), and the same with `center_` (`center` in the middle) and `bottom_`. */
  position?: string;
  title?: string;
  /** It goes by itself after so many seconds. */
  ttl_secs?: number;
  /** Only for this session. */
  session_id?: string;
}

/** Widgets of this extension; a program shows 16 at a time. There is no answer, and no telling whether it shows any. */
export interface ExtensionWidgets {
  /** Shows it, in place of one with the same id. */
  upsert(widget: Widget): void;
  dismiss(id: string, sessionId?: string): void;
}

type Notify = (method: string, params: JsonValue) => void;

export function widgetsOf(notify: Notify): ExtensionWidgets {
  return Object.freeze({
    upsert: (widget: Widget) => notify("widget.upsert", widget as unknown as JsonValue),
    dismiss: (id: string, sessionId?: string) =>
      notify("widget.dismiss", { id, ...(sessionId === undefined ? {} : { session_id: sessionId }) }),
  });
}
