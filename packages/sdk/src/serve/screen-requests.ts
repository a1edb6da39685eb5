import type { CallContext, ExtensionDefinition } from "../define-extension.js";
import { ExtensionError } from "../errors.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { isJsonObject, type JsonValue } from "../protocol/json.js";
import type { EditorContext, EditorView, SettingsEditor } from "../screens.js";
import { invokeCommand } from "./commands.js";

type Notify = (method: string, params: JsonValue) => void;
type Handler = (params: unknown, call: CallContext) => unknown;

/** Who answers a request about what the extension shows; undefined when it offers no such thing. */
export function screenHandler(
  definition: ExtensionDefinition,
  method: string,
  notify: Notify,
): Handler | undefined {
  switch (method) {
    case "command.invoke":
      if (!definition.commands && !definition.driveSession) return undefined;
      return (params, call) => invokeCommand(definition, params, call, notify);
    case "settings.editor.open":
    case "settings.editor.key":
    case "settings.editor.commit":
      return definition.settings && ((params, call) => askEditor(definition, method, params, call, notify));
    case "sidecar.spawn_args":
      return definition.sidecarArgs && ((_params, call) => definition.sidecarArgs?.(call));
    case "info.get":
      return definition.info && (() => definition.info);
    default:
      return undefined;
  }
}

async function askEditor(
  { settings = {} }: ExtensionDefinition,
  method: string,
  params: unknown,
  call: CallContext,
  notify: Notify,
): Promise<null> {
  const { category, field, key, value } = isJsonObject(params) ? params : {};
  const name = `${String(category)}/${String(field)}`;
  const editor = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (!editor) {
    throw new ExtensionError(`unknown settings editor: ${name}`, { code: WIRE_ERRORS.invalid_params });
  }
  const context = contextOf(call, String(category), String(field), notify);
  const view = await viewOf(editor, method, String(key), value ?? null, context);
  if (view) context.render(view);
  return null;
}

function viewOf(
  editor: SettingsEditor,
  method: string,
  key: string,
  value: JsonValue,
  context: EditorContext,
): Promise<EditorView | void> | EditorView | void {
  if (method === "settings.editor.open") return editor.open(context);
  if (method === "settings.editor.key") return editor.key?.(key, context);
  return editor.commit?.(value, context);
}

function contextOf(call: CallContext, category: string, field: string, notify: Notify): EditorContext {
  return {
    ...call,
    get signal() {
      return call.signal;
    },
    category,
    field,
    render: (view) => notify("settings.editor.render", view as unknown as JsonValue),
    commit: (value) => notify("settings.editor.commit", { value }),
    close: (reason) => notify("settings.editor.close", reason === undefined ? {} : { reason }),
  };
}
