import type { Catalog } from "@synaps/sdk/protocol";
import type { Logger } from "../../logger.js";
import type { Clock } from "../../time/clock.js";

/** Time and size limits of setting an extension up. All are the reference's. */
export interface InstallLimits {
  /** Longest run of a setup script. Default 10 min. */
  scriptMs: number;
  /** Longest wait for the headers of a server's answer. Default 15 s. */
  connectMs: number;
  /** Longest time of a whole download. Default 120 s. */
  downloadMs: number;
  /** Largest download. Default 128 MiB. */
  downloadBytes: number;
}

/** The limits of an installation that sets none. Frozen. */
export const DEFAULT_INSTALL_LIMITS: Readonly<InstallLimits> = Object.freeze({
  scriptMs: 600_000,
  connectMs: 15_000,
  downloadMs: 120_000,
  downloadBytes: 128 * 1024 * 1024,
});

/** The part of `fetch` that is used. Redirects come back as answers, so that each place can be checked. */
export type Fetch = (url: string, init: { redirect: "manual"; signal: AbortSignal }) => Promise<Response>;

/** The base folder, environment, clock and logger of a host, as far as an installation uses them. */
export interface InstallSettings {
  baseDir: string;
  projectDir: string;
  catalogs: readonly Catalog[];
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  logger: Logger;
}

/** A program that runs to its end: in a process group of its own, with the environment that extensions get. */
export interface ShortCommand {
  /** Id of the extension for which the program runs. */
  extension: string;
  command: string;
  args: readonly string[];
  cwd: string;
  /** Longest run. The whole group is killed at the end of it. */
  timeoutMs: number;
  /** Kills the whole group. */
  signal: AbortSignal | undefined;
  /** Receives each line of standard output and standard error, without control characters. */
  onLine(line: string): void;
}

/** The end of such a program. A program that was aborted ends by a signal. */
export type CommandEnd =
  | { type: "exited"; code: number }
  | { type: "killed"; signal: string }
  | { type: "timeout" }
  | { type: "not_started"; message: string };

/** Runs a program to its end and never rejects. The transport's `runCommand` is one. */
export type RunCommand = (command: ShortCommand, settings: InstallSettings) => Promise<CommandEnd>;

/** Options of planning and carrying out a setup. `settingsOf` makes `settings`, and `runCommand` is the usual `run`. */
export interface InstallOptions {
  settings: InstallSettings;
  /** Runs setup scripts. */
  run: RunCommand;
  limits?: Partial<InstallLimits>;
  /** Fetches assets. Default: the global `fetch`. */
  fetch?: Fetch;
  /** Default: this machine's. */
  platform?: NodeJS.Platform;
  arch?: string;
  /** Receives each line that a setup script prints, without control characters. */
  onLine?: (line: string) => void;
  /** Ends the script or the download. */
  signal?: AbortSignal;
}

export function installLimits({ limits }: InstallOptions): InstallLimits {
  return { ...DEFAULT_INSTALL_LIMITS, ...limits };
}
