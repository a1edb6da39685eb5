import type { Diagnostic } from "../manifest/diagnostic.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import type { Origin } from "../manifest/discover.js";

/** State of an extension before any process was started. */
export type InventoryStatus = "ready" | "invalid" | "pending_consent" | "disabled";

/** One extension folder that was found, with its state. */
export interface InventoryEntry {
  id: string;
  root: string;
  manifestPath: string;
  origin: Origin;
  status: InventoryStatus;
  /** Present when the manifest is valid. */
  extension: LoadedExtension | undefined;
  /** Hash of the extension's code; only where consent is needed. */
  hash: string | undefined;
  diagnostics: readonly Diagnostic[];
}

/** Load order: byte for byte by the folder's name. */
export function byId(a: { id: string }, b: { id: string }): number {
  return Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
}
