import {
  isJsonObject,
  type JsonObject,
  type MemoryNote,
  type MemoryReceipt,
  type Permission,
} from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import { asFailure, need, refused } from "../refusals.js";
import type { HostServices } from "../services.js";
import { usableQuery } from "./check.js";
import type { Memory } from "./memory.js";

const WRONG = "MEMORY_INVALID";

/** Answers `memory.append` and `memory.query` of extensions, with the reference's codes. */
export function answerMemory({ inbound }: Pick<HostServices, "inbound">, memory: Memory): void {
  inbound.answer("memory.append", (from, params): Promise<MemoryReceipt> => {
    const namespace = namespaceFor(from, "memory.write", params);
    // The content is checked when it is stored.
    return asFailure(memory.append(namespace, present(params) as unknown as MemoryNote), WRONG);
  });
  inbound.answer("memory.query", async (from, params) => {
    const namespace = namespaceFor(from, "memory.read", params);
    return { records: await asFailure(memory.query(namespace, usableQuery(present(params))), WRONG) };
  });
}

/** The extension's own namespace, if it may and if that is what it asks for. */
function namespaceFor(from: Extension, permission: Permission, params: unknown): string {
  need(from, permission);
  const namespace = isJsonObject(params) ? params["namespace"] : undefined;
  if (typeof namespace !== "string") throw refused("missing or invalid 'namespace' parameter");
  if (namespace !== from.id) throw refused("namespace must equal extension id");
  return namespace;
}

/** The fields that have a value: null stands for an absent field. */
function present(params: unknown): JsonObject {
  if (!isJsonObject(params)) return {};
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}
