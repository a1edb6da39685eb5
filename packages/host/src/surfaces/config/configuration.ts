import type { JsonValue } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../../errors.js";
import { Listeners } from "../../listeners.js";
import { checkedText } from "../../loading/config/check.js";
import { extensionConfigPath, readOwnConfig } from "../../loading/config/config-file.js";
import type { ConfigChange } from "../../loading/config/live-config.js";
import {
  missingForProviders,
  reportConfig,
  type ConfigDiagnostics,
  type ConfigEntryReport,
} from "../../loading/config/report.js";
import { writeConfigValue } from "../../loading/config/store.js";
import { describeInvalid } from "../../loading/manifest/load-config.js";
import type { Extension } from "../../supervision/extension.js";
import { isLive } from "../../supervision/states.js";
import { SerialByKey } from "../../time/serial.js";
import type { HostServices } from "../services.js";
import { isInexact } from "../untrusted.js";
import { FileWatch } from "../../loading/file-watch.js";

/**
 * Told each change of a configuration key of one extension, with its new value, null when it has none any more. Errors
 * that it throws are logged.
 */
export type ConfigListener = (change: ConfigChange) => void;

/**
 * The configuration of extensions while the host runs: read, changed, and followed when somebody changes the file
 * `<base>/plugins/<id>/config`. Every method throws a HostError for an unknown extension.
 */
export class Configuration {
  readonly #services: HostServices;
  readonly #watches = new Map<string, FileWatch>();
  readonly #listeners = new Map<string, Listeners<[ConfigChange]>>();
  /** Extensions that asked to be told of changes. */
  readonly #subscribed = new Set<Extension>();
  /** The last complaint about each extension's file, so that it is logged once. */
  readonly #complaints = new Map<string, string>();
  readonly #serial = new SerialByKey<string>();
  /** Refreshes that have not begun to read: whoever asks meanwhile shares them. */
  readonly #pending = new Map<Extension, Promise<void>>();

  constructor(services: HostServices) {
    this.#services = services;
    services.onState((extension, _from, to) => this.#moved(extension, isLive(to), to === "starting"));
    services.onMembers((change) => {
      if (change.type === "added") return;
      this.#subscribed.delete(change.type === "replaced" ? change.previous : change.extension);
      if (change.type === "removed") this.#forget(change.extension.id);
    });
  }

  /** The value that the extension has now, in its type; undefined when it has none. */
  async get(id: string, key: string): Promise<JsonValue | undefined> {
    const extension = this.#services.extension(id);
    await this.#refresh(extension);
    const { visible } = extension.loaded.liveConfig;
    return Object.hasOwn(visible, key) ? visible[key] : undefined;
  }

  /**
   * Writes a value into the extension's file; null removes the key. A value in the environment wins over the file. A
   * subscribed extension is told; any other has the value from its next start on. Throws CONFIG_INVALID for a value
   * that cannot stand in the file, is not of its type, or has no room (1,024 keys, 1 MiB), and CONFIG_NOT_WRITTEN
   * when the system refuses.
   */
  async set(id: string, key: string, value: string | number | boolean | null): Promise<void> {
    if (isInexact(value))
      throw new HostError("CONFIG_INVALID", `The value of '${key}' is an integer beyond 2^53`, {
        hint: "Pass the digits as text.",
        data: { field: "value" },
      });
    await this.#set(this.#services.extension(id), key, value, true);
  }

  /** The same for an extension that asks. In protocols 1 and 2, any text fits any key. */
  setFor(extension: Extension, key: string, value: string | number | boolean | null): Promise<void> {
    return this.#set(extension, key, value, extension.loaded.protocol >= 3);
  }

  /** Every key with its source, and its value as far as it may be shown. */
  async list(id: string): Promise<ConfigEntryReport[]> {
    const extension = this.#services.extension(id);
    await this.#refresh(extension);
    return reportConfig(extension.loaded.liveConfig);
  }

  /** The entries of `list`, and keys that the extension's providers lack. */
  async diagnostics(id: string): Promise<ConfigDiagnostics> {
    const entries = await this.list(id);
    const { declarations, loaded } = this.#services.extension(id);
    return { entries, providerMissing: missingForProviders(declarations?.providers ?? [], loaded.config) };
  }

  /** Calls the listener once for each key that changes, also when it loses its value. Returns how to stop that. */
  onChange(id: string, listener: ConfigListener): () => void {
    const extension = this.#services.extension(id);
    const listeners = this.#listeners.get(id) ?? new Listeners(this.#services.logger, "configuration");
    this.#listeners.set(id, listeners);
    this.#watch(extension);
    return listeners.listen(listener);
  }

  /**
   * Tells an extension of changes from now on. Does nothing for an extension that is told already, and for protocols 1
   * and 2, which have no word for it.
   */
  subscribe(extension: Extension): void {
    if (extension.loaded.protocol < 3 || this.#subscribed.has(extension)) return;
    this.#subscribed.add(extension);
    this.#watch(extension);
    this.#refreshSoon(extension);
  }

  /** Stops watching. */
  stop(): void {
    for (const id of this.#watches.keys()) this.#forget(id);
    this.#subscribed.clear();
  }

  async #set(
    { id, loaded }: Extension,
    key: string,
    value: string | number | boolean | null,
    strict: boolean,
  ): Promise<void> {
    const { baseDir, logger } = this.#services;
    const text = checkedText(loaded.liveConfig.entries, key, value, strict);
    const { keptAside } = await writeConfigValue(baseDir, id, key, text);
    if (keptAside !== undefined)
      logger.warn("a configuration file that was not text was kept aside", {
        file: extensionConfigPath(baseDir, id),
        keptAside,
      });
    const extension = this.#find(id);
    if (extension?.loaded === loaded) this.#refreshSoon(extension);
  }

  #moved(extension: Extension, live: boolean, starting: boolean): void {
    if (live && this.#subscribed.has(extension)) this.#refreshSoon(extension);
    // The next process has to ask for itself.
    else if (!live && !starting) this.#subscribed.delete(extension);
  }

  #watch({ id }: Extension): void {
    if (this.#watches.has(id)) return;
    const { baseDir, clock } = this.#services;
    const changed = (): void => {
      const extension = this.#find(id);
      if (extension) this.#refreshSoon(extension);
    };
    this.#watches.set(id, new FileWatch(extensionConfigPath(baseDir, id), clock, changed));
  }

  #forget(id: string): void {
    this.#watches.get(id)?.close();
    this.#watches.delete(id);
    this.#listeners.delete(id);
    this.#complaints.delete(id);
  }

  #find(id: string): Extension | undefined {
    return this.#services.extensions().find((one) => one.id === id);
  }

  #refreshSoon(extension: Extension): void {
    this.#refresh(extension).catch((error: unknown) => this.#complain(extension.id, messageOf(error)));
  }

  /** Reads the file again and tells of changes. A file that cannot be read changes nothing. */
  #refresh(extension: Extension): Promise<void> {
    const pending = this.#pending.get(extension);
    if (pending) return pending;
    const done = this.#serial.run(extension.id, () => {
      this.#pending.delete(extension);
      return this.#read(extension);
    });
    this.#pending.set(extension, done);
    return done;
  }

  async #read(extension: Extension): Promise<void> {
    const { id, loaded } = extension;
    const file = await readOwnConfig(extensionConfigPath(this.#services.baseDir, id));
    const { changes, invalid } = loaded.liveConfig.update(file);
    this.#complain(id, invalid.map((one) => describeInvalid(id, one).message).join("; "));
    for (const change of changes) this.#listeners.get(id)?.tell(change);
    if (this.#subscribed.has(extension) && isLive(extension.state)) tellExtension(extension);
  }

  #complain(id: string, complaint: string): void {
    if (this.#complaints.get(id) === complaint || (complaint === "" && !this.#complaints.has(id))) return;
    this.#complaints.set(id, complaint);
    if (complaint !== "") this.#services.logger.warn(complaint, { extension: id });
  }
}

/** One message for each key. A change that does not go out is told with the next one. */
function tellExtension({ generation, loaded }: Extension): void {
  if (!generation?.features.has("config.changed")) return;
  for (const change of loaded.liveConfig.untold()) {
    if (!generation.connection.tell("config.changed", { ...change })) return;
    loaded.liveConfig.told(change);
  }
}
