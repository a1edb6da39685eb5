import { join } from "node:path";
import * as z from "zod";
import { messageOf } from "../../errors.js";
import { Serial } from "../../time/serial.js";
import { MalformedFile } from "./change-file.js";
import { PrivateJson } from "./private-file.js";

const recordSchema = z.object({ since: z.number(), reason: z.string() });
const fileSchema = z.object({ version: z.literal(1), quarantined: z.record(z.string(), recordSchema) });

/** The reason for a quarantine, and its begin in milliseconds since the epoch. */
export type QuarantineRecord = z.output<typeof recordSchema>;

/**
 * Remembers by folder which extensions crashed too often, over restarts of the host and for all hosts on the base
 * folder, in `<base>/extensions/quarantine.json`. The file is a note, not a guard: a file that cannot be read counts as
 * empty, and is kept aside.
 */
export class QuarantineStore {
  readonly #file: PrivateJson<z.output<typeof fileSchema>>;
  readonly #changes = new Serial();
  #records = new Map<string, QuarantineRecord>();

  constructor(baseDir: string) {
    const path = join(baseDir, "extensions", "quarantine.json");
    this.#file = new PrivateJson({ baseDir, path }, (value) => fileSchema.parse(value));
  }

  get path(): string {
    return this.#file.path;
  }

  /** Reads the file. Returns the reason for which it could not be used, if there is one. */
  async load(): Promise<string | undefined> {
    try {
      this.#records = new Map(Object.entries((await this.#file.read())?.quarantined ?? {}));
      return undefined;
    } catch (error) {
      return this.#keepAside(error);
    }
  }

  get(root: string): QuarantineRecord | undefined {
    return this.#records.get(root);
  }

  /** Sets or, without a record, removes the entry of one folder. The entries of other hosts stay as they are. */
  set(root: string, record: QuarantineRecord | undefined): Promise<void> {
    if (record) this.#records.set(root, record);
    else this.#records.delete(root);
    return this.#changes.run(async () => {
      try {
        await this.#set(root, record);
      } catch (error) {
        if (!(error instanceof MalformedFile)) throw error;
        await this.#keepAside(error);
        await this.#set(root, record);
      }
    });
  }

  /** Resolves when everything noted so far is written, or could not be. */
  settled(): Promise<void> {
    return this.#changes.settled();
  }

  #set(root: string, record: QuarantineRecord | undefined): Promise<void> {
    return this.#file.update((content) => {
      const noted = content?.quarantined ?? {};
      if (record) return { version: 1, quarantined: { ...noted, [root]: record } };
      if (!Object.hasOwn(noted, root)) return undefined;
      const { [root]: _, ...rest } = noted;
      return { version: 1, quarantined: rest };
    });
  }

  /** Returns the reason for which the file could not be used; undefined if another host made it anew meanwhile. */
  async #keepAside(error: unknown): Promise<string | undefined> {
    // A file that may not be read now, for instance by its rights, is left alone.
    if (!(error instanceof MalformedFile)) return `it cannot be read: ${messageOf(error)}`;
    try {
      const aside = await this.#file.keepAside();
      return aside === undefined ? undefined : `it is not what this host writes; it was moved to ${aside}`;
    } catch (cause) {
      return `it is not what this host writes, and it could not be moved away: ${messageOf(cause)}`;
    }
  }
}
