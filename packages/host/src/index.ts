/** The exports for embedders. */
export { systemClock, type Clock, type Timer } from "./time/clock.js";
export type { CommandEntry } from "./surfaces/commands/command-list.js";
export type { Commands, InvokeOptions } from "./surfaces/commands/commands.js";
export type { CommandEnd, CommandOutcome, CommandResult } from "./surfaces/commands/outcome.js";
export type { OutputCounts, OutputNotice } from "./surfaces/commands/output-budget.js";
export type { OutputEvent } from "./surfaces/commands/output-event.js";
export { checkedText as checkedConfigText } from "./loading/config/check.js";
export type { ConfigListener, Configuration } from "./surfaces/config/configuration.js";
export { findProjectExtensions } from "./loading/config/project-root.js";
export type { ConfigChange } from "./loading/config/live-config.js";
export type { ConfigDiagnostics, ConfigEntryReport } from "./loading/config/report.js";
export { redacted, type ConfigSource } from "./loading/config/resolve.js";
export { writeConfigValue } from "./loading/config/store.js";
export type {
  ContextProvider,
  ContextProviderLookup,
  ContextProviders,
} from "./surfaces/context-providers/context-providers.js";
export { ControlClient, findHosts } from "./control/client.js";
export type { ControlStatus } from "./control/server.js";
export type { Alias, InProcessHandler } from "./dispatch/in-process.js";
export type { Decision, Outcome } from "./dispatch/outcome.js";
export type {
  AnswerOf,
  Catalogs,
  EventOf,
  KindOf,
  OutcomeOf,
  SeenEvent,
  SynapsCatalogs,
} from "./dispatch/kind-types.js";
export type { SubscribeOptions } from "./dispatch/from-program.js";
export type { Filter, Phase } from "./dispatch/subscription.js";
export type { Abstained, NotReached, Vote, Voted } from "./observe/vote.js";
export { HOST_ERROR_CODES, HostError, type HostErrorCode } from "./errors.js";
export type { EventInput } from "./delivery/event-input.js";
export type { ExtensionSnapshot } from "./supervision/snapshot.js";
export type { LogEntry } from "./supervision/log-ring.js";
export type { PoisonedEventStatus } from "./supervision/work.js";
export type { CallFailure } from "./delivery/results.js";
export type { ExtensionState } from "./supervision/states.js";
export { createHost, type Host, type TypedHost } from "./host.js";
export type { CallOptions, EmitOptions, InterceptOptions } from "./dispatch/entrance.js";
export type { ExtensionStatus, HostSnapshot } from "./host-types.js";
export {
  frameInjection,
  type InterceptKinds,
  type InterceptResult,
  type OperationResult,
} from "./dispatch/intercept.js";
export { setDisabled } from "./loading/inventory/disabled.js";
export { inspectConfig, type ConfigView } from "./loading/inventory/config-view.js";
export { collect as collectInventory, type CollectOptions } from "./loading/inventory/collect.js";
export type { InventoryEntry, InventoryStatus } from "./loading/inventory/inventory.js";
export { machineKey, planSetup, type PrebuiltAsset, type SetupPlan } from "./loading/install/plan.js";
export { installFolder, planFolder, type FolderPlan } from "./loading/install/folder/install.js";
export { uninstallFolder } from "./loading/install/folder/uninstall.js";
export { setUp, type SetupReport } from "./loading/install/set-up.js";
export {
  DEFAULT_INSTALL_LIMITS,
  type InstallLimits,
  type InstallOptions,
} from "./loading/install/settings.js";
export { verifyCommand } from "./loading/install/verify-command.js";
export type { LazyTool } from "./surfaces/leases/catalog.js";
export type { Leases } from "./surfaces/leases/leases.js";
export type { LeaseCall, LeaseFailure, LeaseReason, LeaseResult } from "./surfaces/leases/result.js";
export type { LoadEvent, LoadFailure, LoadListener, LoadResult } from "./supervision/load-report.js";
export type { ReloadOptions } from "./supervision/reload.js";
export type { HostEventMap, HostEventName } from "./observe/host-events.js";
export { nullLogger, stderrLogger, type LogFields, type Logger } from "./logger.js";
export type { Diagnostic } from "./loading/manifest/diagnostic.js";
export { discover as discoverExtensions, type Candidate } from "./loading/manifest/discover.js";
export { resolveCommand } from "./loading/manifest/resolve-command.js";
export { Memory } from "./surfaces/memory/memory.js";
export { reportLine, type SubscriptionCount } from "./observe/accounting.js";
export { DEFAULT_LIMITS, type ConfirmPrompt, type HostLimits, type HostOptions } from "./options.js";
export { consentRecord, ConsentStore, type ConsentRecord } from "./loading/records/consent-store.js";
export { hashTree } from "./loading/permission/tree-hash.js";
export type { SchemaProblem } from "./json-schema/check.js";
export type { ToolCallOptions, ToolInfo, ToolProgress, ToolResult } from "./surfaces/tools/tool-types.js";
export { ProviderStream } from "./surfaces/providers/provider-stream.js";
export type { Providers } from "./surfaces/providers/providers.js";
export type {
  Completion,
  CompletionOptions,
  CompletionRequest,
  ModelInfo,
  OwnTool,
  ProviderInfo,
  RanTool,
  StreamEvent,
} from "./surfaces/providers/provider-types.js";
export type { Tools } from "./surfaces/tools/tools.js";
export { stripControl } from "./text-bounds.js";
export { runCommand } from "./transport/process/run-command.js";
export type { TaskEvent, TaskKind } from "./surfaces/tasks/task-event.js";
export type { TaskChange, TaskListener, TaskState } from "./surfaces/tasks/task-list.js";
export type { Tasks } from "./surfaces/tasks/tasks.js";
export type {
  DriverAction,
  DriverReading,
  DriverSelection,
} from "./surfaces/session-drivers/driver-action.js";
export type { DriverPoll, PollAnswer, SessionDrivers } from "./surfaces/session-drivers/session-drivers.js";
export { TurnFeedback, type Feedback, type Turn } from "./surfaces/session-drivers/turn-feedback.js";
export type { Sidecar, SidecarEvent } from "./surfaces/sidecars/sidecar.js";
export type { SidecarEntry, Sidecars } from "./surfaces/sidecars/sidecars.js";
export type { SpawnArgs } from "./surfaces/sidecars/spawn-args.js";
export type { Capabilities } from "./surfaces/ui/capabilities.js";
export type { UiChange, UiListener } from "./surfaces/ui/changes.js";
export type { EditorRender, EditorRow, EditorState, EditorValue } from "./surfaces/ui/editor-render.js";
export type { HelpEntry, HelpIndex, IndexedHelp, RejectedHelp } from "./surfaces/ui/help.js";
export type { ExtensionInfo, InfoAnswer } from "./surfaces/ui/info.js";
export type { Keybind, KeybindCollision, KeybindTable } from "./surfaces/ui/keybinds.js";
export type { EditorAnswer, SettingsCategory, SettingsPages } from "./surfaces/ui/settings.js";
export type { ThemeToken } from "./surfaces/ui/theme.js";
export type { Ui } from "./surfaces/ui/ui.js";
export type { StyledText, Widget, WidgetPosition } from "./surfaces/ui/widget.js";
export type { Widgets } from "./surfaces/ui/widgets.js";
export { defaultBaseDir, settingsOf } from "./settings.js";
