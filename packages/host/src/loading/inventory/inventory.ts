import type { Diagnostic } from "../manifest/diagnostic.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import type { Origin } from "../manifest/discover.js";

/** Why an extension has no process, before anything was started. */
export type InventoryStatus = "ready" | "invalid" | "pending_consent" | "disabled";

/** One extension folder that was found, and what may be done with it. */
export interface InventoryEntry {
  id: string;
  root: string;
  manifestPath: string;
  origin: Origin;
  status: InventoryStatus;
  /** Present when the manifest is valid. */
  extension: LoadedExtension | undefined;
  /** Hash of its code; only where consent is needed. */
  hash: string | undefined;
  diagnostics: readonly Diagnostic[];
}

/** Load order: byte for byte by the folder's name. */
export function byId(a: { id: string }, b: { id: string }): number {
  return Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
}
