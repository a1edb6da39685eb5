import type { Clock } from "../../time/clock.js";
import type { Logger } from "../../logger.js";
import type { Settings } from "../../settings.js";
import type { Fetch } from "./download.js";

/** Time and size limits of setting an extension up. All are the reference's. */
export interface InstallLimits {
  /** For a setup script. Default 10 min. */
  scriptMs: number;
  /** Until a server has answered with its headers. Default 15 s. */
  connectMs: number;
  /** For a whole download. Default 120 s. */
  downloadMs: number;
  /** Of a download. Default 128 MiB. */
  downloadBytes: number;
}

export const DEFAULT_INSTALL_LIMITS: Readonly<InstallLimits> = Object.freeze({
  scriptMs: 600_000,
  connectMs: 15_000,
  downloadMs: 120_000,
  downloadBytes: 128 * 1024 * 1024,
});

export interface InstallOptions {
  /** What a host would be created with: base folder, environment, clock and logger are used. */
  settings: Pick<Settings, "baseDir" | "projectDir" | "catalogs" | "env"> & { clock: Clock; logger: Logger };
  limits?: Partial<InstallLimits>;
  /** How assets are fetched. Default: the global `fetch`. */
  fetch?: Fetch;
  /** Default: this machine's. */
  platform?: NodeJS.Platform;
  arch?: string;
  /** Given each line that a setup script prints, without control characters. */
  onLine?: (line: string) => void;
  /** Ends the script or the download. */
  signal?: AbortSignal;
}

export function installLimits({ limits }: InstallOptions): InstallLimits {
  return { ...DEFAULT_INSTALL_LIMITS, ...limits };
}
