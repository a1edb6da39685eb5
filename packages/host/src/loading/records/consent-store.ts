import type { HookEntry } from "@synaps/sdk/manifest";
import { join } from "node:path";
import * as z from "zod";
import { HostError, messageOf } from "../../errors.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import { MalformedFile } from "./change-file.js";
import { PrivateJson } from "./private-file.js";
import type { FileWords } from "./refusal.js";

/** A closed hook as it was approved; its form is checked where it is used. */
const guardSchema = z.looseObject({ hook: z.string() });

const recordSchema = z.object({
  root: z.string(),
  version: z.string().nullable(),
  hash: z.string(),
  permissions: z.array(z.string()),
  hooks: z.array(z.string()),
  /** By kind, JSON pointers of the only parts that the extension sees. A kind that is not named is seen whole. */
  sees: z.record(z.string(), z.array(z.string())).optional(),
  env: z.array(z.string()),
  /** Hooks that stop the operation when the extension cannot answer. Earlier versions did not record them. */
  guards: z.array(guardSchema).optional(),
  granted_at: z.string(),
});

const fileSchema = z.object({ version: z.literal(1), extensions: z.record(z.string(), recordSchema) });

/** The user's approval of the code in one folder. */
export type ConsentRecord = z.output<typeof recordSchema>;

/** The user's approvals, one per extension folder, in `<base>/extensions/lock.json`. */
export class ConsentStore {
  readonly #file: PrivateJson<z.output<typeof fileSchema>>;

  constructor(baseDir: string) {
    const path = join(baseDir, "extensions", "lock.json");
    const words: FileWords = { code: "CONSENT_NOT_RECORDED", what: "The record of approvals" };
    this.#file = new PrivateJson({ baseDir, path, words }, (value) => fileSchema.parse(value));
  }

  get path(): string {
    return this.#file.path;
  }

  /** By folder. Throws a HostError for a file that cannot be read: then nothing counts as approved. */
  async read(): Promise<Map<string, ConsentRecord>> {
    try {
      return new Map(Object.entries((await this.#file.read())?.extensions ?? {}));
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  /**
   * Adds or replaces these records; all others stay as they are. Throws a HostError, and writes nothing, for a file
   * that cannot be read.
   */
  async write(records: ReadonlyMap<string, ConsentRecord>): Promise<void> {
    try {
      await this.#file.update((content) => {
        const all = [...Object.entries(content?.extensions ?? {}), ...records];
        const sorted = [...new Map(all)].sort(([a], [b]) => (a < b ? -1 : 1));
        return { version: 1, extensions: Object.fromEntries(sorted) };
      });
    } catch (error) {
      throw error instanceof MalformedFile ? this.#unreadable(error) : error;
    }
  }

  /** Removes the record of a folder, if there is one. Throws as `write` does. */
  async forget(root: string): Promise<void> {
    try {
      await this.#file.update((content) => {
        if (!content || !Object.hasOwn(content.extensions, root)) return undefined;
        const { [root]: _, ...extensions } = content.extensions;
        return { version: 1, extensions };
      });
    } catch (error) {
      throw error instanceof MalformedFile ? this.#unreadable(error) : error;
    }
  }

  #unreadable(cause: unknown): HostError {
    const message = `The record of approvals '${this.path}' cannot be read: ${messageOf(cause)}`;
    const hint = "Move it away and approve your extensions again.";
    return new HostError("CONSENT_UNREADABLE", message, { hint, cause });
  }
}

/** Makes the record of an approval of code with this hash. Writes nothing: pass it to `ConsentStore.write`. */
export function consentRecord(
  extension: Pick<LoadedExtension, "root" | "version" | "section">,
  hash: string,
  nowMs: number,
): ConsentRecord {
  const { section } = extension;
  return {
    root: extension.root,
    version: extension.version,
    hash,
    permissions: [...section.permissions].sort(),
    hooks: [...new Set(section.hooks.map(({ hook }) => hook))].sort(),
    ...seenParts(section.hooks),
    env: [...section.env].sort(),
    guards: section.hooks.filter(({ on_failure }) => on_failure === "closed"),
    granted_at: new Date(nowMs).toISOString(),
  };
}

/** The parts that all hooks of a kind see together, where each of them names its fields. */
function seenParts(hooks: readonly HookEntry[]): Pick<ConsentRecord, "sees"> {
  const sees: Record<string, string[]> = {};
  for (const kind of new Set(hooks.map(({ hook }) => hook))) {
    const own = hooks.filter(({ hook }) => hook === kind);
    if (own.every(({ fields }) => fields !== undefined))
      sees[kind] = [...new Set(own.flatMap(({ fields = [] }) => fields))].sort();
  }
  return Object.keys(sees).length === 0 ? {} : { sees };
}
