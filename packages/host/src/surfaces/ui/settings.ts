import { readSettings, type ManifestSettingsCategory } from "@synaps/sdk/manifest";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import { callEnd, type CallFailure } from "../../delivery/results.js";
import type { Extension } from "../../supervision/extension.js";
import type { Inbound } from "../../supervision/inbound.js";
import { optionalLine } from "../../text-bounds.js";
import type { UiChanges } from "./changes.js";
import { parseCommit, parseRender, type EditorState } from "./editor-render.js";

/** A page of settings that an extension declares. Values stand in its configuration. */
export type SettingsCategory = ManifestSettingsCategory & { extension: string };

export interface SettingsServices {
  inbound: Inbound;
  changes: UiChanges;
  deadlineMs: number;
  extensions(): Extension[];
  extension(id: string): Extension;
}

/** How asking an editor went. `value` is the extension's answer as it is. */
export type EditorAnswer = { status: "done"; value: JsonValue; editor: EditorState } | CallFailure;

/** Settings pages of extensions, and the editors that they draw themselves. Each has one editor open at a time. */
export class SettingsPages {
  readonly #services: SettingsServices;
  readonly #open = new Map<string, EditorState>();

  constructor(services: SettingsServices) {
    this.#services = services;
    const { inbound } = services;
    inbound.listen("settings.editor.render", ({ id }, params) => this.#rendered(id, params));
    inbound.listen("settings.editor.commit", ({ id }, params) => this.#committed(id, params));
    inbound.listen("settings.editor.close", ({ id }, params) => {
      this.#close(id, isJsonObject(params) ? optionalLine(params["reason"], 256) : undefined);
    });
  }

  /** Pages of all extensions, in load order. */
  categories(): SettingsCategory[] {
    return this.#services
      .extensions()
      .flatMap(({ id, loaded }) =>
        readSettings(loaded.manifest).entries.map((category) => ({ ...category, extension: id })),
      );
  }

  /** The editor of an extension that is open now. */
  editor(extension: string): EditorState | undefined {
    return this.#open.get(extension);
  }

  /**
   * Opens the editor of a field whose editor is `custom`. What the extension renders comes as a change, or with the
   * answer. Rejects with a HostError when there is no such extension or field; a failing extension is an answer.
   */
  open(extension: string, category: string, field: string): Promise<EditorAnswer> {
    const target = this.#services.extension(extension);
    if (!this.#isCustom(extension, category, field)) {
      throw new HostError(
        "SETTING_NOT_FOUND",
        `Extension '${extension}' has no editor for '${category}/${field}'`,
        {
          hint: "Name a field whose editor is 'custom'.",
        },
      );
    }
    this.#open.set(extension, { extension, category, field, render: undefined });
    return this.#ask(target, "settings.editor.open", { category, field });
  }

  /** Hands a key that the user pressed to the open editor. */
  key(extension: string, key: string): Promise<EditorAnswer> {
    const { category, field } = this.#opened(extension);
    return this.#ask(this.#services.extension(extension), "settings.editor.key", { key, category, field });
  }

  /** Tells the open editor that the user decided on a value. */
  commit(extension: string, value: JsonValue): Promise<EditorAnswer> {
    const { category, field } = this.#opened(extension);
    return this.#ask(this.#services.extension(extension), "settings.editor.commit", {
      category,
      field,
      value,
    });
  }

  /** The user left the editor. The extension is not told: its protocol has no word for that. */
  close(extension: string, reason?: string): void {
    this.#close(extension, reason);
  }

  async #ask(extension: Extension, method: string, params: JsonObject): Promise<EditorAnswer> {
    const { deadlineMs } = this.#services;
    const end = callEnd(await extension.call({ method, params, deadlineMs }));
    if (!("value" in end)) return end;
    this.#rendered(extension.id, end.value);
    const { category, field } = params;
    const asked = { extension: extension.id, category: String(category), field: String(field) };
    const editor = this.#open.get(extension.id) ?? { ...asked, render: parseRender(end.value) };
    return { status: "done", value: end.value, editor };
  }

  #rendered(extension: string, params: unknown): void {
    const before = this.#open.get(extension);
    const render = parseRender(params);
    if (!before || !render) return;
    const editor: EditorState = { ...before, render };
    this.#open.set(extension, editor);
    this.#services.changes.tell({ type: "editor", editor });
  }

  #committed(extension: string, params: unknown): void {
    const editor = this.#open.get(extension);
    const value = parseCommit(params);
    if (editor && value !== undefined) this.#services.changes.tell({ type: "editor_commit", editor, value });
  }

  #close(extension: string, reason: string | undefined): void {
    const editor = this.#open.get(extension);
    if (!editor) return;
    this.#open.delete(extension);
    this.#services.changes.tell({ type: "editor_closed", editor, reason });
  }

  #opened(extension: string): EditorState {
    const editor = this.#open.get(extension);
    if (editor) return editor;
    throw new HostError("SETTING_NOT_FOUND", `Extension '${extension}' has no settings editor open`, {
      hint: "Open one first.",
    });
  }

  #isCustom(extension: string, category: string, field: string): boolean {
    return this.categories().some(
      (one) =>
        one.extension === extension &&
        one.id === category &&
        one.fields.some(({ key, editor }) => key === field && editor === "custom"),
    );
  }
}
