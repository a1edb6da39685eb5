import { createHost, type HostOptions, type TypedHost } from "@synaps/host";
import type { Catalog } from "@synaps/sdk/protocol";
import { onTestFinished } from "vitest";
import { FAST, type LogLine } from "./hosts.js";
import { tempDir } from "./temp.js";

/** A host of one catalog that is not started, stopped after the test; `log` and `trace` collect what it says. */
export function hostOfCatalog<const C extends Catalog>(
  catalog: C,
  options: Omit<HostOptions<readonly [C]>, "catalogs"> = {},
): { host: TypedHost<readonly [C]>; log: LogLine[]; trace: string[] } {
  const log: LogLine[] = [];
  const trace: string[] = [];
  const note =
    (level: LogLine["level"]) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void log.push({ level, message, fields });
  const host = createHost<readonly [C]>({
    folders: [],
    baseDir: tempDir(),
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    trace: (line) => void trace.push(line),
    ...options,
    catalogs: [catalog],
    limits: { ...FAST, ...options.limits },
  });
  onTestFinished(() => host.stop());
  return { host, log, trace };
}

/** The same, started. */
export async function startedWith<const C extends Catalog>(
  catalog: C,
  options: Omit<HostOptions<readonly [C]>, "catalogs"> = {},
): Promise<ReturnType<typeof hostOfCatalog<C>>> {
  const made = hostOfCatalog(catalog, options);
  await made.host.start();
  return made;
}

/** Lets the event loop turn once, so that a handler takes longer than the call that it answers. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
