import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { HostError } from "../../../packages/host/src/errors.js";
import type { HostOptions } from "../../../packages/host/src/options.js";
import { settingsOf } from "../../../packages/host/src/settings.js";
import { Reloader } from "../../../packages/host/src/supervision/reload.js";
import { FAST } from "../../helpers/hosts.js";
import { section } from "../../helpers/manifests.js";
import { registryOfHost } from "../../helpers/registry-of-host.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import type { Logged } from "../supervision/unit/generation-kit.js";

const TOOL = { name: "t", description: "d", input_schema: { type: "object" } };

/** A section whose program is not there: its start fails at once, without a process. */
export const MISSING = section({ command: "./missing" });

/** A section of an extension that starts at its first use: it has no process here. */
export const LAZY = section({
  protocol_version: 3,
  command: "./missing",
  permissions: ["tools.intercept", "tools.register"],
  deferred: { tools: [TOOL] },
});

/** A registry of extensions without any process, and what it logs. */
export function registry(sections: Readonly<Record<string, object | string>>, options: HostOptions = {}) {
  const [folder, baseDir] = [tempDir(), tempDir()];
  const logged: Logged[] = [];
  const note =
    (level: string) =>
    (message: string, fields = {}): void =>
      void logged.push({ level, message, fields });
  const write = (id: string, content: object | string): string =>
    writeExtension(folder, id, typeof content === "string" ? content : { ...content });
  const roots = Object.fromEntries(Object.entries(sections).map(([id, content]) => [id, write(id, content)]));
  const settings = settingsOf({
    folders: [folder],
    baseDir,
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    limits: FAST,
    ...options,
  });
  const made = registryOfHost(settings);
  onTestFinished(() => made.stop(Promise.resolve()));
  const of = (level: string): Logged[] => logged.filter((one) => one.level === level);
  return {
    registry: made,
    reloader: new Reloader(settings, made),
    folder,
    baseDir,
    roots,
    write,
    logged: of,
    manifest: (id: string): string => join(folder, id, ".synaps-plugin", "plugin.json"),
  };
}

/** What a promise rejected with, in parts. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    const { code, message, hint } = error as HostError;
    return { code, message, hint };
  }
  return undefined;
}
