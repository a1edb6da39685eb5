import { isWorthTelling } from "../../logger.js";
import { readSettings, type ManifestSettingsCategory } from "@synaps/sdk/manifest";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { CallFailure } from "../../delivery/results.js";
import type { Extension } from "../../supervision/extension.js";
import { optionalLine } from "../../text-bounds.js";
import { ask, type HostServices } from "../services.js";
import type { UiChanges } from "./changes.js";
import { parseCommit, parseRender, type EditorState } from "./editor-render.js";

/** A page of settings that an extension declares. Values stand in its configuration. */
export type SettingsCategory = ManifestSettingsCategory & { extension: string };

/** The answer of an editor. `value` is the extension's answer as it is. */
export type EditorAnswer = { status: "done"; value: JsonValue; editor: EditorState } | CallFailure;

/** Settings pages of extensions, and the editors that extensions draw. Each extension has one editor open at a time. */
export class SettingsPages {
  readonly #services: HostServices;
  readonly #changes: UiChanges;
  readonly #open = new Map<string, EditorState>();
  #dropped = 0;

  constructor(services: HostServices, changes: UiChanges) {
    this.#services = services;
    this.#changes = changes;
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
   * Opens the editor of a field whose editor is `custom`. Renders of the extension come as changes, or with the
   * answer. Rejects with a HostError when there is no such extension or field; a failing extension is an answer.
   */
  // async: a wrong id or field rejects like everything else.
  async open(extension: string, category: string, field: string): Promise<EditorAnswer> {
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
    const answer = await this.#ask(target, "settings.editor.open", { category, field });
    if (answer.status !== "done") this.#close(extension, undefined);
    return answer;
  }

  /** Hands a key that the user pressed to the open editor. */
  async key(extension: string, key: string): Promise<EditorAnswer> {
    const { category, field } = this.#opened(extension);
    return this.#ask(this.#services.extension(extension), "settings.editor.key", { key, category, field });
  }

  /** Tells the open editor that the user decided on a value. */
  async commit(extension: string, value: JsonValue): Promise<EditorAnswer> {
    const { category, field } = this.#opened(extension);
    return this.#ask(this.#services.extension(extension), "settings.editor.commit", {
      category,
      field,
      value,
    });
  }

  /** The user left the editor. The extension is not told: the protocol has no message for it. */
  close(extension: string, reason?: string): void {
    this.#close(extension, reason);
  }

  async #ask(extension: Extension, method: string, params: JsonObject): Promise<EditorAnswer> {
    const deadlineMs = this.#services.limits.screenMs;
    const end = await ask(this.#services, extension, { method, params, deadlineMs });
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
    this.#changes.tell({ type: "editor", editor });
  }

  #committed(extension: string, params: unknown): void {
    const editor = this.#open.get(extension);
    const value = parseCommit(params);
    if (editor && value === undefined) this.#noteDropped(extension);
    if (editor && value !== undefined) this.#changes.tell({ type: "editor_commit", editor, value });
  }

  #noteDropped(extension: string): void {
    this.#dropped += 1;
    if (!isWorthTelling(this.#dropped)) return;
    const why = "it is missing, over 64 KiB, or an integer beyond 2^53";
    const fields = { extension, count: this.#dropped };
    this.#services.logger.warn(`a value of a settings editor was dropped: ${why}`, fields);
  }

  #close(extension: string, reason: string | undefined): void {
    const editor = this.#open.get(extension);
    if (!editor) return;
    this.#open.delete(extension);
    this.#changes.tell({ type: "editor_closed", editor, reason });
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
