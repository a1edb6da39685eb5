import type { ActivationClass, DeferredDeclarations, ExtensionSection, Manifest } from "@synaps/sdk/manifest";
import type { JsonObject, PermissionName, ProtocolVersion } from "@synaps/sdk/protocol";
import type { LiveConfig } from "../config/live-config.js";

/** Class that decides when the process of an extension starts. `none`: the plugin has a sidecar and no process beside it. */
export type Activation = ActivationClass | "none";

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
  readonly activation: Activation;
  readonly permissions: ReadonlySet<PermissionName>;
  readonly command: string;
  readonly args: readonly string[];
  /** Present configuration values. They may hold secrets and are never logged. */
  readonly config: JsonObject;
  /** Configuration values with their sources. They follow the user's changes. */
  readonly liveConfig: LiveConfig;
}

/** False for a plugin that only has a sidecar: nothing ever starts a process that could be asked. */
export function hasProcess({ activation }: Pick<LoadedExtension, "activation">): boolean {
  return activation !== "none";
}
