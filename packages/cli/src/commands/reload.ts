import { HostError } from "@synaps/host";
import { EXIT } from "../exit-codes.js";
import { findExtension, type HostFlags } from "../hosts.js";
import type { Io } from "../io.js";
import { errors } from "../present-error.js";
import { jsonDocument, plain } from "../text.js";

export interface ReloadFlags extends HostFlags {
  json?: boolean;
}

/** Lets a running host read an extension anew. The host keeps the old process when the new one is no good. */
export async function reload(io: Io, id: string, flags: ReloadFlags): Promise<number> {
  const { client } = await findExtension(id, flags, { process: false });
  try {
    await client.reload(id);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw errors.notReloaded(error.code, id, error.message, error.hint);
  }
  const { extensions } = await client.status();
  const now = extensions.find((one) => one.id === id && one.process);
  const [state, version] = [now?.state ?? "stopped", now?.version ?? null];
  if (flags.json) await io.stdout.write(jsonDocument({ schemaVersion: 1, id, state, version }));
  else await io.stdout.write(`${plain(`${id} ${version ?? "(no version)"} was reloaded: ${state}`)}\n`);
  return EXIT.ok;
}
