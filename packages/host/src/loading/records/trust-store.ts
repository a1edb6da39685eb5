import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HostError, messageOf, systemCode } from "../../errors.js";
import { replacePrivateFile } from "./private-file.js";

const entrySchema = z.looseObject({ disabled: z.boolean(), reason: z.string().nullish() });
// Loose: what another program keeps in the file is not lost when this one writes it.
const fileSchema = z.looseObject({ disabled: z.record(z.string(), entrySchema).default({}) });

type TrustFile = z.output<typeof fileSchema>;

/**
 * Which providers the user switched off, in `<base>/extensions/trust.json`, which the public ecosystem's host reads as
 * well. A provider that it does not name is on. Read each time: it may be edited while the host runs.
 */
export class TrustStore {
  readonly path: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(baseDir: string) {
    this.path = join(baseDir, "extensions", "trust.json");
  }

  /** Those that are off, with the reason if one was given. Throws a HostError when the file cannot be read. */
  async disabled(): Promise<Map<string, string | undefined>> {
    const { disabled } = await this.#read();
    const off = Object.entries(disabled).filter(([, entry]) => entry.disabled);
    return new Map(off.map(([id, { reason }]) => [id, reason ?? undefined]));
  }

  /**
   * Switches a provider off or on, after the changes before it. Throws a HostError and changes nothing when the file
   * cannot be read: it is never overwritten then.
   */
  async set(id: string, disabled: boolean, reason?: string): Promise<void> {
    const written = this.#writing.then(async () => {
      const file = await this.#read();
      const entry = { disabled, ...(reason === undefined ? {} : { reason }) };
      const content = { ...file, disabled: { ...file.disabled, [id]: entry } };
      await replacePrivateFile(this.path, `${JSON.stringify(content, null, 2)}\n`);
    });
    this.#writing = written.catch(() => {});
    await written;
  }

  async #read(): Promise<TrustFile> {
    try {
      return fileSchema.parse(JSON.parse(await readFile(this.path, "utf8")));
    } catch (error) {
      if (systemCode(error) === "ENOENT") return { disabled: {} };
      const why = systemCode(error) === undefined ? "it is not what this file must hold" : messageOf(error);
      throw new HostError("TRUST_UNREADABLE", `The trust file '${this.path}' cannot be read: ${why}`, {
        hint: "Correct it or move it away; until then no provider is used.",
        cause: error,
      });
    }
  }
}
