import type { ActivationClass, DeferredDeclarations, ExtensionSection, Manifest } from "@synaps/sdk/manifest";
import type { JsonObject, Permission, ProtocolVersion } from "@synaps/sdk/protocol";
import type { LiveConfig } from "../config/live-config.js";

/** An extension whose manifest is valid and whose command, arguments and configuration are resolved. */
export interface LoadedExtension {
  readonly id: string;
  /** Absolute path of the extension's folder. */
  readonly root: string;
  readonly manifestPath: string;
  readonly version: string | null;
  readonly protocol: ProtocolVersion;
  readonly manifest: Manifest;
  readonly section: ExtensionSection;
  /** Offers of the extension before it has a process; undefined when the manifest declares none. */
  readonly deferred: DeferredDeclarations | undefined;
  /** Decides when the process starts. */
  readonly activation: ActivationClass;
  readonly permissions: ReadonlySet<Permission>;
  readonly command: string;
  readonly args: readonly string[];
  /** Present configuration values. They may hold secrets and are never logged. */
  readonly config: JsonObject;
  /** Configuration values with their sources. They follow the user's changes. */
  readonly liveConfig: LiveConfig;
}
