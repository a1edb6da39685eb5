import type { JsonValue } from "@synaps/sdk/protocol";
import type { Clock } from "../../time/clock.js";
import { messageOf } from "../../errors.js";
import type { Extension } from "../../supervision/extension.js";
import { isLive } from "../../supervision/states.js";
import type { StateListener } from "../../supervision/extension-registry.js";
import type { MemberListener } from "../../supervision/members.js";
import type { Logger } from "../../logger.js";
import { describeInvalid } from "../../loading/manifest/load-config.js";
import { checkedText } from "../../loading/config/check.js";
import { extensionConfigPath, readOwnConfig } from "../../loading/config/config-file.js";
import { FileWatch } from "./file-watch.js";
import type { ConfigChange } from "../../loading/config/live-config.js";
import {
  missingForProviders,
  reportConfig,
  type ConfigDiagnostics,
  type ConfigEntryReport,
} from "../../loading/config/report.js";
import { writeConfigValue } from "../../loading/config/store.js";

export type ConfigListener = (change: ConfigChange) => void;

export interface ConfigurationParts {
  baseDir: string;
  clock: Clock;
  logger: Logger;
  extension(id: string): Extension;
  onState(listener: StateListener): () => void;
  onMembers(listener: MemberListener): () => void;
}

/**
 * The configuration of extensions while the host runs: read, changed, and followed when somebody changes the file
 * `<base>/plugins/<id>/config`. Every method throws a HostError for an unknown extension.
 */
export class Configuration {
  readonly #parts: ConfigurationParts;
  readonly #watches = new Map<string, FileWatch>();
  readonly #listeners = new Map<string, Set<ConfigListener>>();
  /** Extensions that asked to be told. */
  readonly #subscribed = new Set<Extension>();
  /** What was complained about last, by extension, so that it is said once. */
  readonly #said = new Map<string, string>();
  /** Reads and writes of one extension's file come one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(parts: ConfigurationParts) {
    this.#parts = parts;
    parts.onState((extension, _from, to) => this.#moved(extension, isLive(to), to === "starting"));
    parts.onMembers((change) => {
      if (change.type === "added") return;
      this.#subscribed.delete(change.type === "replaced" ? change.previous : change.extension);
      if (change.type === "removed") this.#letGo(change.extension.id);
    });
  }

  /** The value that the extension has now, in its type; undefined when it has none. */
  async get(id: string, key: string): Promise<JsonValue | undefined> {
    const extension = this.#parts.extension(id);
    await this.#refresh(extension);
    return extension.loaded.liveConfig.visible[key];
  }

  /**
   * Writes a value into the extension's file, null takes it out. What the environment says goes before the file. The
   * extension is told when it asked to be; others have it from its next start on. Throws CONFIG_INVALID for what
   * cannot stand in the file or is not of its type, CONFIG_NOT_WRITTEN when the system refuses.
   */
  async set(id: string, key: string, value: string | number | boolean | null): Promise<void> {
    const extension = this.#parts.extension(id);
    const text = checkedText(extension.loaded.liveConfig.entries, key, value, true);
    await this.write(extension, key, text);
  }

  /** Every key with its source, and its value as far as it may be shown. */
  async list(id: string): Promise<ConfigEntryReport[]> {
    const extension = this.#parts.extension(id);
    await this.#refresh(extension);
    return reportConfig(extension.loaded.liveConfig);
  }

  /** What `list` says, and what the extension's providers lack. */
  async diagnostics(id: string): Promise<ConfigDiagnostics> {
    const entries = await this.list(id);
    const { declarations, loaded } = this.#parts.extension(id);
    return { entries, providerMissing: missingForProviders(declarations?.providers ?? [], loaded.config) };
  }

  /** Calls the listener once for each key that changes, also when it loses its value. Returns how to stop that. */
  onChange(id: string, listener: ConfigListener): () => void {
    const extension = this.#parts.extension(id);
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    this.#watch(extension);
    return () => void listeners.delete(listener);
  }

  /** Tells an extension from now on what changes. Protocols 1 and 2, and those that do not know how, get nothing. */
  subscribe(extension: Extension): void {
    if (extension.loaded.protocol < 3) return;
    this.#subscribed.add(extension);
    this.#watch(extension);
    this.#refreshSoon(extension);
  }

  /** Writes what was checked. */
  async write({ id, loaded }: Extension, key: string, text: string | undefined): Promise<void> {
    const path = extensionConfigPath(this.#parts.baseDir, id);
    await this.#inTurn(id, async () => {
      const { keptAside } = await writeConfigValue(path, key, text);
      if (keptAside !== undefined) {
        this.#parts.logger.warn("a configuration file that was not text was kept aside", {
          file: path,
          keptAside,
        });
      }
    });
    const extension = this.#find(id);
    if (extension?.loaded === loaded) this.#refreshSoon(extension);
  }

  /** Stops watching. */
  stop(): void {
    for (const id of this.#watches.keys()) this.#letGo(id);
    this.#subscribed.clear();
  }

  #moved(extension: Extension, live: boolean, starting: boolean): void {
    if (live && this.#subscribed.has(extension)) this.#refreshSoon(extension);
    // The next process has to ask for itself.
    else if (!live && !starting) this.#subscribed.delete(extension);
  }

  #watch({ id }: Extension): void {
    if (this.#watches.has(id)) return;
    const path = extensionConfigPath(this.#parts.baseDir, id);
    const changed = (): void => {
      const extension = this.#find(id);
      if (extension) this.#refreshSoon(extension);
    };
    this.#watches.set(id, new FileWatch(path, this.#parts.clock, changed));
  }

  #letGo(id: string): void {
    this.#watches.get(id)?.close();
    this.#watches.delete(id);
    this.#listeners.delete(id);
    this.#said.delete(id);
    this.#turns.delete(id);
  }

  #find(id: string): Extension | undefined {
    try {
      return this.#parts.extension(id);
    } catch {
      return undefined;
    }
  }

  #refreshSoon(extension: Extension): void {
    this.#refresh(extension).catch((error: unknown) => this.#say(extension.id, messageOf(error)));
  }

  /** Reads the file again and tells everybody what changed. A file that cannot be read changes nothing. */
  #refresh(extension: Extension): Promise<void> {
    const { id } = extension;
    return this.#inTurn(id, async () => {
      const { liveConfig } = extension.loaded;
      const { changes, invalid } = liveConfig.update(
        await readOwnConfig(extensionConfigPath(this.#parts.baseDir, id)),
      );
      this.#say(id, invalid.map((one) => describeInvalid(id, one).message).join("; "));
      for (const change of changes) this.#tellProgram(id, change);
      if (this.#subscribed.has(extension) && isLive(extension.state)) tellExtension(extension);
    });
  }

  #tellProgram(id: string, change: ConfigChange): void {
    for (const listener of this.#listeners.get(id) ?? []) {
      try {
        listener(change);
      } catch (error) {
        this.#parts.logger.error("a listener to configuration failed", {
          extension: id,
          reason: messageOf(error),
        });
      }
    }
  }

  #say(id: string, complaint: string): void {
    if (this.#said.get(id) === complaint || (complaint === "" && !this.#said.has(id))) return;
    this.#said.set(id, complaint);
    if (complaint !== "") this.#parts.logger.warn(complaint, { extension: id });
  }

  #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const done = (this.#turns.get(id) ?? Promise.resolve()).then(work);
    this.#turns.set(
      id,
      done.catch(() => {}),
    );
    return done;
  }
}

/** One message for each key. What does not go out is told the next time. */
function tellExtension({ generation, loaded }: Extension): void {
  if (!generation?.features.has("config.changed")) return;
  for (const change of loaded.liveConfig.untold()) {
    if (!generation.connection.tell("config.changed", { ...change })) return;
    loaded.liveConfig.told(change);
  }
}
