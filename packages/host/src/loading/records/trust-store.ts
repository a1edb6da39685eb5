import { join } from "node:path";
import * as z from "zod";
import { HostError, messageOf } from "../../errors.js";
import { MalformedFile } from "./change-file.js";
import { PrivateJson } from "./private-file.js";

const entrySchema = z.looseObject({ disabled: z.boolean(), reason: z.string().nullish() });
// Loose: entries that another program keeps in the file are not lost when this host writes it.
const fileSchema = z.looseObject({ disabled: z.record(z.string(), entrySchema).default({}) });

/**
 * The providers that the user switched off, in `<base>/extensions/trust.json`, which the public ecosystem's host reads
 * as well. A provider that the file does not name is on. The file is read each time: the user may edit it while the
 * host runs.
 */
export class TrustStore {
  readonly #file: PrivateJson<z.output<typeof fileSchema>>;

  constructor(baseDir: string) {
    const path = join(baseDir, "extensions", "trust.json");
    this.#file = new PrivateJson({ baseDir, path }, (value) => fileSchema.parse(value));
  }

  get path(): string {
    return this.#file.path;
  }

  /** The providers that are off, with the reason if one was given. Throws a HostError when the file cannot be read. */
  async disabled(): Promise<Map<string, string | undefined>> {
    try {
      const { disabled } = (await this.#file.read()) ?? { disabled: {} };
      const off = Object.entries(disabled).filter(([, entry]) => entry.disabled);
      return new Map(off.map(([id, { reason }]) => [id, reason ?? undefined]));
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  /**
   * Switches a provider off or on, after the changes before. Throws a HostError and changes nothing when the file
   * cannot be read: a file that this host does not understand is never overwritten.
   */
  async set(id: string, disabled: boolean, reason?: string): Promise<void> {
    const entry = { disabled, ...(reason === undefined ? {} : { reason }) };
    try {
      await this.#file.update((file) => ({ ...file, disabled: { ...file?.disabled, [id]: entry } }));
    } catch (error) {
      throw error instanceof MalformedFile ? this.#unreadable(error) : error;
    }
  }

  #unreadable(cause: unknown): HostError {
    const why = cause instanceof MalformedFile ? "it is not what this file must hold" : messageOf(cause);
    return new HostError("TRUST_UNREADABLE", `The trust file '${this.path}' cannot be read: ${why}`, {
      hint: "Correct it or move it away; until then no provider is used.",
      cause,
    });
  }
}
