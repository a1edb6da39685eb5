import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HostError, messageOf, systemCode } from "../../errors.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import { replacePrivateFile } from "./private-file.js";

const recordSchema = z.object({
  root: z.string(),
  version: z.string().nullable(),
  hash: z.string(),
  permissions: z.array(z.string()),
  hooks: z.array(z.string()),
  env: z.array(z.string()),
  granted_at: z.string(),
});

const fileSchema = z.object({ version: z.literal(1), extensions: z.record(z.string(), recordSchema) });

/** What the user agreed to for the code in one folder. */
export type ConsentRecord = z.output<typeof recordSchema>;

/** The user's approvals, one per extension folder, in `<base>/extensions/lock.json`. */
export class ConsentStore {
  readonly path: string;

  constructor(baseDir: string) {
    this.path = join(baseDir, "extensions", "lock.json");
  }

  /** By folder. Throws a HostError for a file that cannot be read: then nothing counts as approved. */
  async read(): Promise<Map<string, ConsentRecord>> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return new Map();
      throw this.#unreadable(messageOf(error), error);
    }
    try {
      return new Map(Object.entries(fileSchema.parse(JSON.parse(text)).extensions));
    } catch (error) {
      throw this.#unreadable("it is not what this host writes", error);
    }
  }

  /** Adds or replaces records. Readers see the old file or the new one, never a part. */
  async write(records: ReadonlyMap<string, ConsentRecord>): Promise<void> {
    const extensions = Object.fromEntries([...records].sort(([a], [b]) => (a < b ? -1 : 1)));
    await replacePrivateFile(this.path, `${JSON.stringify({ version: 1, extensions }, null, 2)}\n`);
  }

  #unreadable(why: string, cause: unknown): HostError {
    return new HostError(
      "CONSENT_UNREADABLE",
      `The record of approvals '${this.path}' cannot be read: ${why}`,
      {
        hint: "Move it away and approve your extensions again.",
        cause,
      },
    );
  }
}

export function consentRecord(extension: LoadedExtension, hash: string, nowMs: number): ConsentRecord {
  const { section } = extension;
  return {
    root: extension.root,
    version: extension.version,
    hash,
    permissions: [...section.permissions].sort(),
    hooks: [...new Set(section.hooks.map(({ hook }) => hook))].sort(),
    env: [...section.env].sort(),
    granted_at: new Date(nowMs).toISOString(),
  };
}
