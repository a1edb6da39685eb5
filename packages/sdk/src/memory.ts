import type { JsonValue } from "./protocol/json.js";
import type { MemoryNote, MemoryQuery, MemoryReceipt, MemoryRecord } from "./protocol/memory.js";

/** Notes that outlive the process, kept by the host. An extension has its own and sees no other's. */
export interface ExtensionMemory {
  /**
   * Stores a note; a text stands for a note of that content. Needs the permission `memory.write`. Resolves when the operating system has it. Rejects with an
   * ExtensionError: code -32602 for a missing permission or a note that breaks a limit, -32000 when it could not be stored.
   */
  append(note: MemoryNote | string): Promise<MemoryReceipt>;
  /** The newest notes that match, newest first; needs the permission `memory.read`. Rejects like `append`. */
  query(query?: MemoryQuery): Promise<MemoryRecord[]>;
}

type Ask = (method: string, params: JsonValue) => Promise<JsonValue>;

export function memoryOf(namespace: string, ask: Ask): ExtensionMemory {
  const send = (method: string, fields: MemoryNote | MemoryQuery): Promise<JsonValue> =>
    ask(method, { ...fields, namespace } as unknown as JsonValue);
  return Object.freeze({
    append: async (note: MemoryNote | string) => {
      const fields = typeof note === "string" ? { content: note } : note;
      return (await send("memory.append", fields)) as unknown as MemoryReceipt;
    },
    query: async (query: MemoryQuery = {}) => {
      const answer = (await send("memory.query", query)) as unknown as { records: MemoryRecord[] };
      return answer.records;
    },
  });
}
