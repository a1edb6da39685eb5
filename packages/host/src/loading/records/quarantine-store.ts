import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { replacePrivateFile } from "./private-file.js";

const recordSchema = z.object({ since: z.number(), reason: z.string() });
const fileSchema = z.object({ version: z.literal(1), quarantined: z.record(z.string(), recordSchema) });

/** Why and since when (milliseconds since the epoch) an extension is set aside. */
export type QuarantineRecord = z.output<typeof recordSchema>;

/**
 * Remembers by folder which extensions crashed too often, over restarts of the host, in
 * `<base>/extensions/quarantine.json`. It is a note, not a guard: one that cannot be read counts as empty, and is
 * kept aside.
 */
export class QuarantineStore {
  readonly path: string;
  #records = new Map<string, QuarantineRecord>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(baseDir: string) {
    this.path = join(baseDir, "extensions", "quarantine.json");
  }

  /** Reads the file. Returns why it could not be used, if so. */
  async load(): Promise<string | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch {
      return undefined;
    }
    try {
      this.#records = new Map(Object.entries(fileSchema.parse(JSON.parse(text)).quarantined));
      return undefined;
    } catch {
      const aside = `${this.path}.unreadable`;
      await rename(this.path, aside).catch(() => {});
      return `it is not what this host writes; it was moved to ${aside}`;
    }
  }

  get(root: string): QuarantineRecord | undefined {
    return this.#records.get(root);
  }

  /** Sets or, without a record, removes an entry, and writes the file after the writes before it. */
  async set(root: string, record: QuarantineRecord | undefined): Promise<void> {
    if (record) this.#records.set(root, record);
    else if (!this.#records.delete(root)) return;
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => {});
    await written;
  }

  /** Resolves when everything noted so far is written, or could not be. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    const content = { version: 1, quarantined: Object.fromEntries(this.#records) };
    await replacePrivateFile(this.path, `${JSON.stringify(content, null, 2)}\n`);
  }
}
