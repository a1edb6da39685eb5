/** The exports for tools around a host: listing, installing, consent, stored configuration. Embedders need none of them. */

// Settings, places and files
export { readRegularFile } from "./loading/regular-file.js";
export { findProjectExtensions } from "./loading/config/project-root.js";
export { socketFolder } from "./control/address.js";
export { ensurePrivateFolder } from "./control/private-folder.js";
export { withLock } from "./loading/records/file-lock.js";
export { settingsOf, type Settings } from "./settings.js";

// Configuration of a host
export { hostConfigJsonSchema } from "./loading/host-config/json-schema.js";
export type { HostConfigProblem } from "./loading/host-config/host-config.js";
export {
  inspectHostConfig,
  type HostConfigInspection,
  type HostConfigPlace,
} from "./loading/host-config/read-host-config.js";
export { writtenValues, type WrittenValue } from "./loading/host-config/written.js";

// Discovery and inventory
export { setDisabled } from "./loading/inventory/disabled.js";
export { collect as collectInventory, type CollectOptions } from "./loading/inventory/collect.js";
export type { InventoryEntry } from "./loading/inventory/inventory.js";
export { discover as discoverExtensions, type Candidate } from "./loading/manifest/discover.js";
export { resolveCommand, resolveSidecar } from "./loading/manifest/resolve-command.js";

// Consent
export { approveCode, coverageFor } from "./loading/inventory/approval.js";
export { isClosedGuard } from "./loading/inventory/duplicates.js";
export { changesText, type Change } from "./loading/permission/compare.js";
export { hashTree, type Coverage } from "./loading/permission/coverage.js";
export { consentRecord, ConsentStore, type ConsentRecord } from "./loading/records/consent-store.js";
export { CoverageStore, type RecordedCoverage } from "./loading/records/coverage-store.js";

// Providers that the user switched off
export { TrustStore } from "./loading/records/trust-store.js";

// Schemas of tools, and payloads of events
export { compile as compilePayload, type Misfit } from "./json-schema/payload/compile.js";
export { SchemaCheck } from "./json-schema/check.js";

// Installation and setup
export { codeHash, installFolder, planFolder, type FolderPlan } from "./loading/install/folder/install.js";
export { uninstallFolder } from "./loading/install/folder/uninstall.js";
export { machineKey, planSetup, type PrebuiltAsset, type SetupPlan } from "./loading/install/plan.js";
export { setUp, type SetupReport } from "./loading/install/set-up.js";
export {
  DEFAULT_INSTALL_LIMITS,
  type InstallLimits,
  type InstallOptions,
} from "./loading/install/settings.js";
export { verifyCommand } from "./loading/install/verify-command.js";
export { runCommand } from "./transport/process/run-command.js";

// Stored configuration
export { checkedText as checkedConfigText } from "./loading/config/check.js";
export { redacted } from "./loading/config/resolve.js";
export { writeConfigValue } from "./loading/config/store.js";
export { inspectConfig, type ConfigView } from "./loading/inventory/config-view.js";
