import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Host } from "@synaps/host";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { ask, asker } from "./asks.js";

export const ALL = ["config.write", "config.subscribe"];

const ENTRIES = [
  { key: "name", type: "string" },
  { key: "size", type: "number", default: 3 },
  { key: "loud", type: "bool" },
  { key: "secret", secret_env: "MY_SECRET" },
];

interface Kit {
  host: Host;
  path: string;
  log: Awaited<ReturnType<typeof startedHost>>["log"];
}

export async function configKit(
  permissions: readonly string[],
  extension: object = {},
  file?: string,
): Promise<Kit> {
  const [folder, baseDir] = [tempDir(), tempDir()];
  const path = join(baseDir, "plugins", "asker", "config");
  if (file !== undefined) put(path, file);
  asker(folder, permissions, { extension: { config: ENTRIES, ...extension } });
  const env = { ...process.env, MY_SECRET: "sk-canary-4711" };
  return { path, ...(await startedHost([folder], { baseDir, env })) };
}

export function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export async function get(host: Host, key: string): Promise<unknown> {
  return (await ask(host, "config.get", { key })).result;
}
