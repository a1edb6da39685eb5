import { messageOf } from "../../errors.js";
import type { Logger } from "../../logger.js";
import { withoutUnseen } from "../../text-bounds.js";
import type { Clock } from "../../time/clock.js";
import { differences } from "./differences.js";
import { FileWatch } from "../file-watch.js";
import type { HostConfig, HostConfigDifference, Origin } from "./host-config.js";
import type { HostConfigReading } from "./read-host-config.js";

/** The configuration of a host while the host runs. */
export interface RunningHostConfig {
  /** The values that count now. */
  readonly config: HostConfig;
  /** Path of the file; null when there is none. */
  readonly file: string | null;
  /** Origin of each value, by the text of its key, as `hooks.timeout_ms`. */
  readonly origins: ReadonlyMap<string, Origin>;
  /**
   * Reads the file again now, and takes over at once whatever a running host can take over. Returns what changed;
   * `live` is false for what the next start will take over. Throws a HostError `HOST_CONFIG_INVALID` for a broken file:
   * the old configuration stays. Throws `HOST_STOPPED` once the host was stopped: nobody is left to follow.
   */
  reload(): readonly HostConfigDifference[];
}

/** A reading of the configuration that changed something, or could not be used. */
export interface HostConfigReload {
  readonly file: string | null;
  /** False: the file is broken, and the old configuration stays. */
  readonly applied: boolean;
  readonly changes: readonly HostConfigDifference[];
  /** The reason when it was not applied; null otherwise. */
  readonly error: string | null;
}

export interface LiveHostConfigOptions {
  readonly first: HostConfigReading;
  /** Reads the configuration again. Throws for one that is broken. */
  readonly read: () => HostConfigReading;
  /** Takes over a configuration, all of it before this returns. Must not throw. */
  readonly apply: (config: HostConfig) => void;
  readonly tell: (reload: HostConfigReload) => void;
  /** The error of a reading after `stop`. */
  readonly stopped: () => Error;
  /** The files to look at. None: nothing is watched. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Holds the configuration that counts, and replaces it whole: by a call, and when its file has changed. */
export class LiveHostConfig implements RunningHostConfig {
  readonly #options: LiveHostConfigOptions;
  #reading: HostConfigReading;
  #watches: readonly FileWatch[] = [];
  /** The last error that was told: the same one is not told again. */
  #toldError: string | undefined;
  #isStopped = false;

  constructor(options: LiveHostConfigOptions) {
    this.#options = options;
    this.#reading = options.first;
  }

  get config(): HostConfig {
    return this.#reading.config;
  }

  get file(): string | null {
    return this.#reading.file;
  }

  get origins(): ReadonlyMap<string, Origin> {
    return this.#reading.origins;
  }

  reload(): readonly HostConfigDifference[] {
    const { read, apply, tell, stopped } = this.#options;
    if (this.#isStopped) throw stopped();
    let reading: HostConfigReading;
    try {
      reading = read();
    } catch (error) {
      const message = messageOf(error);
      if (message !== this.#toldError) this.#tellBroken(message);
      this.#toldError = message;
      throw error;
    }
    const wasBroken = this.#toldError !== undefined;
    this.#toldError = undefined;
    const known = this.#reading.warnings;
    for (const warning of reading.warnings) if (!known.includes(warning)) this.#options.logger.warn(warning);
    const changes = differences(this.config, reading.config);
    this.#reading = reading;
    if (changes.length > 0) {
      apply(reading.config);
      this.#tellApplied(changes);
    } else if (wasBroken)
      this.#options.logger.info("The host's configuration can be read again; nothing changed");
    if (changes.length > 0) tell({ file: reading.file, applied: true, changes, error: null });
    return changes;
  }

  /** Follows the file from now on. It may have changed since it was read. */
  start(): void {
    const { paths, clock } = this.#options;
    this.#watches = paths.map((path) => new FileWatch(path, clock, () => this.#changed()));
    if (paths.length > 0) this.#changed();
  }

  /** Nothing is read after this. */
  stop(): void {
    this.#isStopped = true;
    for (const watch of this.#watches) watch.close();
  }

  #changed(): void {
    try {
      this.reload();
    } catch {
      // Told by `reload` itself.
    }
  }

  #tellBroken(message: string): void {
    this.#options.logger.error(`${message}. The configuration that was read before stays in force`);
    this.#options.tell({ file: this.file, applied: false, changes: [], error: message });
  }

  #tellApplied(changes: readonly HostConfigDifference[]): void {
    const { logger } = this.#options;
    const [live, later] = [changes.filter((one) => one.live), changes.filter((one) => !one.live)];
    if (live.length > 0) logger.info(`The host's configuration was taken over: ${changesText(live)}`);
    if (later.length > 0)
      logger.warn(
        `The host's configuration has changes that the next start takes over: ${changesText(later)}`,
      );
  }
}

/** Longest text of all changes, in characters. */
const MAX_TEXT_LENGTH = 2_000;
/** Longest text of one value. */
const MAX_VALUE_LENGTH = 100;

/** Changes as RustyClaw writes them: `hooks.enabled: true -> false, hooks.timeout_ms: null -> 500`. */
export function changesText(changes: readonly HostConfigDifference[]): string {
  const texts = changes.map(
    ({ key, before, after }) => `${key}: ${valueText(before)} -> ${valueText(after)}`,
  );
  let length = 0;
  const shown = texts.filter((text) => (length += text.length + 2) <= MAX_TEXT_LENGTH);
  const more = texts.length - shown.length;
  return withoutUnseen(shown.join(", ")) + (more > 0 ? `, and ${more} more` : "");
}

function valueText(value: HostConfigDifference["before"]): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}
