import { join } from "node:path";
import type { Host, HostOptions } from "@synaps/host";
import { startedHost } from "../../../helpers/hosts.js";
import { FIXTURES } from "../../../helpers/paths.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";

export interface Offer {
  id?: string;
  commands?: readonly object[];
  /** Replaces keys of the `extension` section. */
  extension?: Readonly<Record<string, unknown>>;
  /** Further keys of the manifest. */
  manifest?: Readonly<Record<string, unknown>>;
  files?: Readonly<Record<string, string>>;
}

export const interactive = (name: string): object => ({ name, interactive: true });

/** Writes an extension that runs the fixture's code and offers what is given. */
export function writeOffer(folder: string, offer: Offer = {}): string {
  const { id = "offers-commands", commands = [], extension, manifest, files = {} } = offer;
  const main = join(FIXTURES, "offers-commands", "main.mjs");
  const section = {
    runtime: "process",
    command: "node",
    args: [main],
    permissions: ["tools.register", "session.drive"],
    ...extension,
  };
  const whole = { name: id, commands, ...manifest, extension: section };
  return writeExtension(folder, id, JSON.stringify(whole), files);
}

/** A started host with one such extension. */
export async function offering(
  offer: Offer,
  options: HostOptions = {},
): Promise<{ host: Host; root: string; log: Awaited<ReturnType<typeof startedHost>>["log"] }> {
  const folder = tempDir();
  const root = writeOffer(folder, offer);
  const { host, log } = await startedHost([folder], options);
  return { host, root, log };
}
