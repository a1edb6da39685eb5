import type { MemoryNote, MemoryQuery, MemoryReceipt, MemoryRecord } from "@synaps/sdk/protocol";
import { HostError, messageOf, systemCode } from "../../errors.js";
import type { HostServices } from "../services.js";
import { noteProblem, queryProblem } from "./check.js";
import { namespaceProblem } from "./record.js";
import { SketchBudget } from "./sketch.js";
import { MemoryStore } from "./store.js";

/** Namespaces whose files and indexes are kept at a time; the one that was used longest ago goes first. */
const MOST_OPEN = 64;

export type MemoryServices = Pick<HostServices, "baseDir" | "logger"> & {
  readonly clock: Pick<HostServices["clock"], "wallMs">;
};

/**
 * Notes that extensions keep: one file of JSON lines for each namespace, `<base>/memory/<namespace>.jsonl`. Other
 * programs may read and append to them at the same time.
 */
export class Memory {
  readonly #services: MemoryServices;
  readonly #budget = new SketchBudget();
  /** In the order of their last use. */
  readonly #stores = new Map<string, MemoryStore>();
  /** Stores that made room for others and still have something under way. */
  readonly #closing = new Set<MemoryStore>();
  #closed = false;

  constructor(services: MemoryServices) {
    this.#services = services;
  }

  /**
   * Stores a note in a namespace, which for extensions is their id. Resolves when the operating system has it, so that
   * the end of this process loses nothing; a power cut may. Throws a HostError: MEMORY_INVALID for what breaks a
   * limit, MEMORY_UNAVAILABLE when it could not be stored, HOST_STOPPED after `close`.
   */
  async append(namespace: string, note: MemoryNote): Promise<MemoryReceipt> {
    this.#mustBeOpen();
    const problem = namespaceProblem(namespace);
    if (problem) throw invalidNamespace(problem);
    const wrong = noteProblem(note);
    if (wrong) throw invalid(wrong.field, wrong.why);
    const { content, tags = [], meta } = note;
    const timestamp_ms = this.#services.clock.wallMs();
    const record = {
      namespace,
      timestamp_ms,
      content,
      tags: [...tags],
      ...(meta === undefined ? {} : { meta }),
    };
    try {
      await this.#store(namespace).append(record);
    } catch (error) {
      throw unavailable(namespace, "stored", error);
    }
    return { ok: true, timestamp_ms };
  }

  /**
   * The newest notes of a namespace that match, newest first; at most `limit` (default 50), and no more than 8 MiB of
   * them. The first query reads the whole file, later ones what is new. Throws a HostError as `append` does.
   */
  async query(namespace: string, query: MemoryQuery = {}): Promise<MemoryRecord[]> {
    this.#mustBeOpen();
    const problem = namespaceProblem(namespace);
    if (problem) throw invalidNamespace(problem);
    const wrong = queryProblem(query);
    if (wrong) throw invalid(wrong.field, wrong.why);
    try {
      return await this.#store(namespace).query(query);
    } catch (error) {
      throw unavailable(namespace, "read", error);
    }
  }

  /** Number of lines that the queries of a namespace passed over because they are no notes. */
  brokenLines(namespace: string): number {
    return this.#stores.get(namespace)?.brokenLines ?? 0;
  }

  /**
   * Resolves when every accepted note is written and all files are closed. Queries that are under way or wait are
   * rejected: reading may take far longer than a stop.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const stores = [...this.#closing, ...this.#stores.values()];
    this.#stores.clear();
    await Promise.all(stores.map((store) => store.stop()));
  }

  #mustBeOpen(): void {
    if (!this.#closed) return;
    throw new HostError("HOST_STOPPED", "The memory was closed", { hint: "Create a new host." });
  }

  #store(namespace: string): MemoryStore {
    const { baseDir, logger } = this.#services;
    const store = this.#stores.get(namespace) ?? new MemoryStore(baseDir, namespace, logger, this.#budget);
    this.#stores.delete(namespace);
    this.#stores.set(namespace, store);
    if (this.#stores.size > MOST_OPEN) this.#closeOldest();
    return store;
  }

  #closeOldest(): void {
    const [oldest] = this.#stores;
    if (!oldest) return;
    const [namespace, store] = oldest;
    this.#stores.delete(namespace);
    this.#closing.add(store);
    const closed = (): void => void this.#closing.delete(store);
    store.close().then(closed, closed);
  }
}

function invalidNamespace(why: string): HostError {
  return new HostError("MEMORY_INVALID", `This is no namespace: ${why}`, {
    hint: "Use 1 to 64 characters without slashes, '..' and white space.",
    data: { field: "namespace" },
  });
}

function invalid(field: string, why: string): HostError {
  return new HostError("MEMORY_INVALID", `missing or invalid '${field}' parameter: ${why}`, {
    data: { field },
  });
}

function unavailable(namespace: string, what: string, error: unknown): HostError {
  const message = `Memory of '${namespace}' could not be ${what}: ${messageOf(error)}`;
  return new HostError("MEMORY_UNAVAILABLE", message, {
    hint: "Check the file's rights and the room on the disk.",
    cause: error,
    data: { system: systemCode(error) },
  });
}
