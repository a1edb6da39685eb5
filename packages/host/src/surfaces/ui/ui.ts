import { readHelp, readKeybinds } from "@synaps/sdk/manifest";
import type { Clock } from "../../time/clock.js";
import { globalConfigPath, readConfigFile } from "../../loading/config/config-file.js";
import { callEnd } from "../../delivery/results.js";
import type { Extension } from "../../supervision/extension.js";
import type { StateListener } from "../../supervision/extension-registry.js";
import type { Inbound } from "../../supervision/inbound.js";
import type { Logger } from "../../logger.js";
import type { HostLimits } from "../../options.js";
import type { Tasks } from "../tasks/tasks.js";
import { capabilitiesOf, type Capabilities } from "./capabilities.js";
import { UiChanges, type UiListener } from "./changes.js";
import { HelpIndex, type HelpEntry } from "./help.js";
import { readInfo, type InfoAnswer } from "./info.js";
import { mergeKeybinds, type KeybindTable } from "./keybinds.js";
import { SettingsPages } from "./settings.js";
import { themeTokens, type ThemeToken } from "./theme.js";
import { Widgets } from "./widgets.js";

export interface UiServices {
  baseDir: string;
  clock: Clock;
  limits: HostLimits;
  logger: Logger;
  inbound: Inbound;
  tasks: Tasks;
  extensions(): Extension[];
  extension(id: string): Extension;
  onState(listener: StateListener): () => void;
}

/** What extensions want shown, as checked state and changes of it. Drawing it is the program's part. */
export class Ui {
  readonly widgets: Widgets;
  readonly settings: SettingsPages;
  readonly #changes: UiChanges;
  readonly #services: UiServices;
  /** Answers to questions that somebody asked later on. */
  readonly #asked = new Map<string, unknown>();

  constructor(services: UiServices) {
    const { inbound, clock, limits, logger, tasks } = services;
    this.#services = services;
    this.#changes = new UiChanges(logger);
    this.widgets = new Widgets(inbound, clock, this.#changes);
    this.settings = new SettingsPages({
      inbound,
      changes: this.#changes,
      deadlineMs: limits.screenMs,
      extensions: () => services.extensions(),
      extension: (id) => services.extension(id),
    });
    tasks.listen((change) => this.#changes.tell({ type: "task", ...change }));
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

  /** What an extension answered to `info.get` last. Throws a HostError for an id unknown. */
  info(id: string): InfoAnswer {
    const { info } = this.#services.extension(id);
    return readInfo(this.#asked.get(id) ?? info);
  }

  /**
   * Asks an extension about itself, with 5 s, unless it has answered before. One that does not know the question or
   * cannot be asked has said nothing, and so has a lazy one without a process: it is not started for this. Rejects with a HostError for an id unknown.
   */
  async askInfo(id: string): Promise<InfoAnswer> {
    const known = this.info(id);
    if (known.status !== "none" || this.#services.extension(id).dormant) return known;
    const deadlineMs = this.#services.limits.screenMs;
    const request = { method: "info.get", params: null, deadlineMs };
    const end = callEnd(await this.#services.extension(id).call(request));
    if (!("value" in end)) return { status: "none" };
    this.#asked.set(id, end.value);
    return readInfo(end.value);
  }

  /** What an extension can do now. Throws a HostError for an id unknown. */
  capabilities(id: string): Capabilities {
    return capabilitiesOf(this.#services.extension(id));
  }

  stop(): void {
    this.widgets.stop();
  }
}
