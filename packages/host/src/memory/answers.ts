import {
  isJsonObject,
  WIRE_ERRORS,
  type JsonObject,
  type MemoryNote,
  type MemoryReceipt,
  type Permission,
} from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";
import type { Extension } from "../extension/extension.js";
import type { Inbound } from "../inbound/inbound.js";
import { RequestFailure } from "../rpc/inbound-requests.js";
import type { Memory } from "./memory.js";

/** Answers `memory.append` and `memory.query` of extensions, with the reference's codes. */
export function answerMemory(inbound: Inbound, memory: Memory): void {
  inbound.answer("memory.append", (from, params): Promise<MemoryReceipt> => {
    const namespace = namespaceFor(from, "memory.write", params);
    // What is in it is checked there.
    return asFailure(memory.append(namespace, present(params) as unknown as MemoryNote));
  });
  inbound.answer("memory.query", async (from, params) => {
    const namespace = namespaceFor(from, "memory.read", params);
    return { records: await asFailure(memory.query(namespace, present(params))) };
  });
}

/** The extension's own namespace, if it may and if that is what it asks for. */
function namespaceFor(from: Extension, permission: Permission, params: unknown): string {
  if (!from.loaded.permissions.has(permission)) throw refused(`permission denied: ${permission} required`);
  const namespace = isJsonObject(params) ? params["namespace"] : undefined;
  if (typeof namespace !== "string") throw refused("missing or invalid 'namespace' parameter");
  if (namespace !== from.id) throw refused("namespace must equal extension id");
  return namespace;
}

/** The fields that say something: null stands for an absent one. */
function present(params: unknown): JsonObject {
  if (!isJsonObject(params)) return {};
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}

function refused(message: string): RequestFailure {
  return new RequestFailure(WIRE_ERRORS.invalid_params, message);
}

async function asFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const code = error.code === "MEMORY_INVALID" ? WIRE_ERRORS.invalid_params : WIRE_ERRORS.store_error;
    throw new RequestFailure(code, error.message);
  }
}
