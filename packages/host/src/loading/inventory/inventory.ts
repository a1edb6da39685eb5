import type { ExtensionSection } from "@synaps/sdk/manifest";
import type { HostError } from "../../errors.js";
import type { Change } from "../permission/compare.js";
import type { Coverage } from "../permission/coverage.js";
import { errorDiagnostic, type Diagnostic } from "../manifest/diagnostic.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import type { Origin } from "../manifest/discover.js";
import type { StandIn } from "./guard.js";

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
  /** The section that the manifest declares; present also when something else keeps the extension from running. */
  section?: ExtensionSection | undefined;
  version?: string | null | undefined;
  /** True for a plugin whose manifest has no extension. It stands in the inventory only if it was approved as a guard. */
  declaresNone?: boolean | undefined;
  /** Everything that an approval covers; only where consent is needed. */
  coverage?: Coverage | undefined;
  /** Changes since the last approval; undefined when there is none. */
  changes?: readonly Change[] | undefined;
  /** Folder of the user's extension of the same id whose place this one of a project takes. */
  replaces?: string | undefined;
  /** Subscriptions that count although the extension cannot run; see `StandIn`. */
  standIn?: StandIn | undefined;
  diagnostics: readonly Diagnostic[];
}

/** Load order: byte for byte by the folder's name. */
export function byId(a: { id: string }, b: { id: string }): number {
  return Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
}

/** Keeps an extension from running, for this reason. */
export function hold(entry: InventoryEntry, status: InventoryStatus, error: HostError): void {
  entry.status = status;
  entry.diagnostics = [...entry.diagnostics, errorDiagnostic(entry.id, entry.manifestPath, error)];
}
