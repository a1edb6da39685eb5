/** What embedders import. */
export { systemClock, type Clock, type Timer } from "./clock.js";
export type { CommandEntry } from "./commands/command-list.js";
export type { Commands, InvokeOptions } from "./commands/commands.js";
export type { CommandEnd, CommandOutcome, CommandResult } from "./commands/outcome.js";
export type { OutputCounts, OutputNotice } from "./commands/output-budget.js";
export type { OutputEvent } from "./commands/output-event.js";
export { checkedText as checkedConfigText } from "./config/check.js";
export type { ConfigListener, Configuration } from "./config/configuration.js";
export type { ConfigChange } from "./config/live-config.js";
export type { ConfigDiagnostics, ConfigEntryReport } from "./config/report.js";
export { redacted, type ConfigSource } from "./config/resolve.js";
export { writeConfigValue } from "./config/store.js";
export type {
  ContextProvider,
  ContextProviderLookup,
  ContextProviders,
} from "./context-providers/context-providers.js";
export { ControlClient, findHosts } from "./control/client.js";
export type { ControlStatus } from "./control/server.js";
export type { Alias, InProcessHandler } from "./dispatch/in-process.js";
export type { Decision, Outcome } from "./dispatch/outcome.js";
export type { Filter, Phase } from "./dispatch/subscription.js";
export type { Abstained, NotReached, Vote, Voted } from "./dispatch/votes.js";
export { HOST_ERROR_CODES, HostError, type HostErrorCode } from "./errors.js";
export type { EventInput } from "./event/input.js";
export type { ExtensionSnapshot } from "./extension/snapshot.js";
export type { LogEntry } from "./extension/log-ring.js";
export type { PoisonedEventStatus } from "./extension/snapshot.js";
export type { CallFailure } from "./extension/call-end.js";
export type { ExtensionState } from "./extension/states.js";
export { createHost, type Host } from "./host.js";
export type {
  EmitOptions,
  ExtensionStatus,
  HostSnapshot,
  InterceptOptions,
  SubscribeOptions,
} from "./host-types.js";
export {
  frameInjection,
  type InterceptKinds,
  type InterceptResult,
  type OperationResult,
} from "./intercept/intercept.js";
export { inspectConfig, type ConfigView } from "./inventory/config-view.js";
export { collect as collectInventory, type CollectOptions } from "./inventory/collect.js";
export type { InventoryEntry, InventoryStatus } from "./inventory/inventory.js";
export { machineKey, planSetup, type PrebuiltAsset, type SetupPlan } from "./install/plan.js";
export { setUp, type SetupReport } from "./install/set-up.js";
export { DEFAULT_INSTALL_LIMITS, type InstallLimits, type InstallOptions } from "./install/settings.js";
export { verifyCommand } from "./install/verify-command.js";
export type { DormantTool } from "./lease/catalog.js";
export type { LeaseCall, Leases } from "./lease/leases.js";
export type { LeaseFailure, LeaseReason, LeaseResult } from "./lease/result.js";
export type { LoadEvent, LoadFailure, LoadListener, LoadResult } from "./lifecycle/load-report.js";
export type { ReloadOptions } from "./lifecycle/reload.js";
export { nullLogger, type LogFields, type Logger } from "./logger.js";
export type { Candidate } from "./manifest/candidate.js";
export type { Diagnostic } from "./manifest/diagnostic.js";
export { discover as discoverExtensions } from "./manifest/discover.js";
export { resolveCommand } from "./manifest/resolve-command.js";
export { Memory } from "./memory/memory.js";
export { reportLine, type SubscriptionCount } from "./observe/accounting.js";
export { DEFAULT_LIMITS, type ConfirmPrompt, type HostLimits, type HostOptions } from "./options.js";
export { consentRecord, ConsentStore, type ConsentRecord } from "./records/consent-store.js";
export { hashTree } from "./permission/tree-hash.js";
export type { SchemaProblem } from "./json-schema/check.js";
export type { ToolCallOptions, ToolInfo, ToolProgress, ToolResult } from "./tools/tool-types.js";
export { ProviderStream } from "./providers/provider-stream.js";
export type { Providers } from "./providers/providers.js";
export type {
  Completion,
  CompletionOptions,
  CompletionRequest,
  ModelInfo,
  OwnTool,
  ProviderInfo,
  RanTool,
  StreamEvent,
} from "./providers/provider-types.js";
export type { Tools } from "./tools/tools.js";
export { stripControl } from "./process/stderr-tail.js";
export type { TaskEvent, TaskKind } from "./tasks/task-event.js";
export type { TaskState } from "./tasks/task-list.js";
export type { TaskChange, TaskListener, Tasks } from "./tasks/tasks.js";
export type { DriverAction, DriverReading, DriverSelection } from "./session-drivers/driver-action.js";
export type { DriverPoll, PollAnswer, SessionDrivers } from "./session-drivers/session-drivers.js";
export { TurnFeedback, type Feedback, type Turn } from "./session-drivers/turn-feedback.js";
export type { Sidecar, SidecarEvent } from "./sidecars/sidecar.js";
export type { SidecarEntry, Sidecars } from "./sidecars/sidecars.js";
export type { SpawnArgs } from "./sidecars/spawn-args.js";
export type { Capabilities } from "./ui/capabilities.js";
export type { UiChange, UiListener } from "./ui/changes.js";
export type { EditorRender, EditorRow, EditorState, EditorValue } from "./ui/editor-render.js";
export type { HelpEntry, HelpIndex, IndexedHelp, RejectedHelp } from "./ui/help.js";
export type { ExtensionInfo, InfoAnswer } from "./ui/info.js";
export type { Keybind, KeybindCollision, KeybindTable } from "./ui/keybinds.js";
export type { EditorAnswer, SettingsCategory, SettingsPages } from "./ui/settings.js";
export type { ThemeToken } from "./ui/theme.js";
export type { Ui } from "./ui/ui.js";
export type { StyledText, Widget, WidgetPosition } from "./ui/widget.js";
export type { Widgets } from "./ui/widgets.js";
export { defaultBaseDir, settingsOf } from "./settings.js";
