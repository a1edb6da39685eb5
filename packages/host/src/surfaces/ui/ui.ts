import { readHelp, readKeybinds } from "@synaps/sdk/manifest";
import { Listeners } from "../../listeners.js";
import { globalConfigPath, readConfigFile } from "../../loading/config/config-file.js";
import { ask, type Services } from "../services.js";
import { capabilitiesOf, type Capabilities } from "./capabilities.js";
import type { UiChanges, UiListener } from "./changes.js";
import { HelpIndex, type HelpEntry } from "./help.js";
import { readInfo, type InfoAnswer } from "./info.js";
import { mergeKeybinds, type KeybindTable } from "./keybinds.js";
import { SettingsPages } from "./settings.js";
import { themeTokens, type ThemeToken } from "./theme.js";
import { Widgets } from "./widgets.js";

/** Things that extensions want shown, as checked state and changes of it. The program draws them. */
export class Ui {
  readonly widgets: Widgets;
  readonly settings: SettingsPages;
  readonly #changes: UiChanges;
  readonly #services: Services;
  /** Answers to `info.get` that the program asked for later on. */
  readonly #asked = new Map<string, unknown>();

  constructor(services: Services) {
    this.#services = services;
    this.#changes = new Listeners(services.logger, "what extensions show");
    this.widgets = new Widgets(services, this.#changes);
    this.settings = new SettingsPages(services, this.#changes);
    services.tasks.listen((change) => this.#changes.tell({ type: "task", ...change }));
    services.onState((extension, _from, to) => {
      const { id } = extension;
      if (to === "stopped") this.#asked.delete(id);
      if (to !== "failed" && to !== "quarantined" && to !== "stopped") return;
      this.widgets.clear(extension);
      this.settings.close(id, `the extension is ${to}`);
    });
  }

  /** Calls the listener after each change, while it is read: it must be quick. Returns how to stop that. */
  onChange(listener: UiListener): () => void {
    return this.#changes.listen(listener);
  }

  /** Keybinds of extensions and of the user's configuration. Rejects with a HostError when that cannot be read. */
  async keybinds(): Promise<KeybindTable> {
    const config = await readConfigFile(globalConfigPath(this.#services.baseDir));
    const declared = this.#services.extensions().map(({ id, loaded }) => ({
      extension: id,
      root: loaded.root,
      keybinds: readKeybinds(loaded.manifest.keybinds).entries,
    }));
    return mergeKeybinds(declared, config);
  }

  /** Help of extensions, merged with what the program brings itself. */
  help(builtIn: readonly HelpEntry[] = []): HelpIndex {
    const declared = this.#services
      .extensions()
      .map(({ id, loaded }) => ({ extension: id, entries: readHelp(loaded.manifest).entries }));
    return new HelpIndex(builtIn, declared);
  }

  /** Colours of all extensions, in load order. */
  theme(): ThemeToken[] {
    return this.#services
      .extensions()
      .flatMap(({ id, loaded }) => themeTokens(id, loaded.section.theme_tokens));
  }

  /** The last answer of an extension to `info.get`. Throws a HostError for an unknown id. */
  info(id: string): InfoAnswer {
    const { info } = this.#services.extension(id);
    return readInfo(this.#asked.get(id) ?? info);
  }

  /**
   * Asks an extension about itself, with 5 s, unless it has answered before. The status is `none` if the extension does
   * not know the question or cannot be asked. A lazy extension without a process is not started for this. Rejects with
   * a HostError for an unknown id.
   */
  async askInfo(id: string): Promise<InfoAnswer> {
    const known = this.info(id);
    if (known.status !== "none" || this.#services.extension(id).waitsForUse) return known;
    const deadlineMs = this.#services.limits.screenMs;
    const request = { method: "info.get", params: null, deadlineMs };
    const end = await ask(this.#services, this.#services.extension(id), request);
    if (!("value" in end)) return { status: "none" };
    this.#asked.set(id, end.value);
    return readInfo(end.value);
  }

  /** The present abilities of an extension. Throws a HostError for an unknown id. */
  capabilities(id: string): Capabilities {
    return capabilitiesOf(this.#services.extension(id));
  }

  stop(): void {
    this.widgets.stop();
  }
}
