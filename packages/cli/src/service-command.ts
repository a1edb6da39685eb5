import type { ServiceCommand } from "@synaps/service";

/** Flags of a service that is started in the background. */
export interface BackgroundFlags {
  /** Minutes. */
  readonly idle?: number;
  readonly audit?: boolean;
}

/** The way to start the service in the background: this very command. */
export function serviceCommand(
  baseDir: string,
  { idle, audit = true }: BackgroundFlags = {},
): ServiceCommand {
  return {
    program: process.execPath,
    args: [
      process.argv[1] ?? "",
      "serve",
      "--background",
      "--base-dir",
      baseDir,
      ...(idle === undefined ? [] : ["--idle", String(idle)]),
      ...(audit ? [] : ["--no-audit"]),
    ],
  };
}
