import type { ActivationClass, DeferredDeclarations, ExtensionSection, Manifest } from "@synaps/sdk/manifest";
import type { JsonObject, Permission, ProtocolVersion } from "@synaps/sdk/protocol";
import type { LiveConfig } from "../config/live-config.js";

/** An extension whose manifest is valid and whose command, arguments and configuration are resolved. */
export interface LoadedExtension {
  readonly id: string;
  /** Absolute path of its folder. */
  readonly root: string;
  readonly manifestPath: string;
  readonly version: string | null;
  readonly protocol: ProtocolVersion;
  readonly manifest: Manifest;
  readonly section: ExtensionSection;
  /** What it offers before it has a process; undefined when it declares nothing of that. */
  readonly deferred: DeferredDeclarations | undefined;
  /** When its process starts. */
  readonly activation: ActivationClass;
  readonly permissions: ReadonlySet<Permission>;
  readonly command: string;
  readonly args: readonly string[];
  /** Configuration values as they are now. May hold secrets: never logged. */
  readonly config: JsonObject;
  /** The same with its sources; follows the user's changes. */
  readonly liveConfig: LiveConfig;
}
