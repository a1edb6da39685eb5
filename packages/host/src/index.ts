/** The exports for programs that embed the host. `tooling.ts` has those for the command and for other tools. */

// The host and its options
export { createHost, type Host, type TypedHost } from "./host.js";
export {
  DEFAULT_LIMITS,
  type AuditOptions,
  type ConfirmPrompt,
  type HostLimits,
  type HostOptions,
} from "./options.js";
export type { ReloadOptions } from "./supervision/reload.js";
export type { LoadEvent, LoadFailure, LoadListener, LoadResult } from "./supervision/load-report.js";
export { systemClock, type Clock, type Timer } from "./time/clock.js";

// Events and operations
export type { EventInput } from "./delivery/event-input.js";
export type { CallOptions, EmitOptions, InterceptOptions } from "./dispatch/entrance.js";
export type { SubscribeOptions } from "./dispatch/from-program.js";
export type { Alias, HookContext, InProcessHandler } from "./dispatch/in-process.js";
export type {
  Hook,
  HookEntry,
  HookInfo,
  HookMetadata,
  HookPlugin,
  HookPriority,
  HookQuery,
  Hooks,
} from "./dispatch/hooks/hook.js";
export { frameInjection } from "./dispatch/intercept.js";
export type { CacheStatus } from "./observe/cache-status.js";
export type {
  InterceptKinds,
  InterceptResult,
  OperationContext,
  OperationResult,
} from "./dispatch/operation/types.js";
export type {
  AnswerOf,
  Catalogs,
  EventOf,
  FilterOf,
  KindOf,
  OutcomeOf,
  SeenEvent,
  SynapsCatalogs,
} from "./dispatch/kind-types.js";
export type { Filter, Phase, SubscriptionInfo } from "./dispatch/subscription.js";
export type { AttributeValue, Where } from "./dispatch/where.js";

// Votes and outcomes
export type { Annotation } from "./delivery/annotations.js";
export type { Decision, Outcome } from "./dispatch/outcome.js";
export type { Abstained, NotReached, Vote, Voted } from "./observe/vote.js";

// Errors, logs and text for terminals
export { HOST_ERROR_CODES, HostError, type HostErrorCode } from "./errors.js";
export type { Diagnostic } from "./loading/manifest/diagnostic.js";
export { nullLogger, stderrLogger, type LogFields, type Logger } from "./logger.js";
export type { LogEntry } from "./supervision/log-ring.js";
export { stripControl } from "./text-bounds.js";

// Watching and control
export { ControlClient, findHosts } from "./control/client.js";
export type { ControlStatus } from "./control/server.js";
export type { InventoryStatus } from "./loading/inventory/inventory.js";
export { reportLine } from "./observe/accounting.js";
export type { OutcomeMessage, VoteMessage } from "./observe/channels.js";
export type { RaisedCount } from "./observe/drops/raised-count.js";
export type { SubscriptionCount } from "./observe/metrics/book.js";
export type { ExtensionMetrics, HookMetrics, HostMetrics, KindMetrics } from "./observe/metrics/reading.js";
export type { TimingReading } from "./observe/metrics/timing.js";
export type { StreamCount, StreamSession, StreamTotals } from "./observe/stream-books.js";
export type { HostEventMap, HostEventName } from "./observe/host-events.js";
export type { HostConfig, HostConfigDifference, Origin } from "./loading/host-config/host-config.js";
export type { HostConfigReload, RunningHostConfig } from "./loading/host-config/live-host-config.js";
export { defaultBaseDir } from "./loading/config/base-dir.js";
export type { HostSnapshot } from "./supervision/host-snapshot.js";
export type { ExtensionStatus } from "./supervision/members.js";
export type { Activation } from "./loading/manifest/loaded.js";
export type { ExtensionSnapshot } from "./supervision/snapshot.js";
export type { ExtensionState } from "./supervision/states.js";
export type { PoisonedEventStatus } from "./supervision/work.js";

// Tools
export type { CallFailure } from "./delivery/results.js";
export type { SchemaProblem } from "./json-schema/check.js";
export type { LazyTool } from "./surfaces/leases/catalog.js";
export type { Leases } from "./surfaces/leases/leases.js";
export type { LeaseCall, LeaseFailure, LeaseReason, LeaseResult } from "./surfaces/leases/result.js";
export type { ToolCallOptions, ToolInfo, ToolProgress, ToolResult } from "./surfaces/tools/tool-types.js";
export type { Tools } from "./surfaces/tools/tools.js";

// Commands
export type { CommandEntry } from "./surfaces/commands/command-list.js";
export type { Commands, InvokeOptions } from "./surfaces/commands/commands.js";
export type { CommandEnd, CommandOutcome, CommandResult } from "./surfaces/commands/outcome.js";
export type { OutputCounts, OutputNotice } from "./surfaces/commands/output-budget.js";
export type { OutputEvent } from "./surfaces/commands/output-event.js";

// Providers of models
export { ProviderStream } from "./surfaces/providers/provider-stream.js";
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
export type { Providers } from "./surfaces/providers/providers.js";

// Raised events
export type { EventQuery, PublishedEvent } from "./surfaces/events/event-ring.js";
export type { RaisedContext, RaisedEvents, RaisedHandler } from "./surfaces/events/raised-events.js";

// Tasks
export type { TaskEvent, TaskKind } from "./surfaces/tasks/task-event.js";
export type { TaskChange, TaskListener, TaskState } from "./surfaces/tasks/task-list.js";
export type { Tasks } from "./surfaces/tasks/tasks.js";

// Screens
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

// Sidecars
export type { Sidecar, SidecarEvent } from "./surfaces/sidecars/sidecar.js";
export type { SidecarEntry, Sidecars } from "./surfaces/sidecars/sidecars.js";
export type { SpawnArgs } from "./surfaces/sidecars/spawn-args.js";

// Session drivers
export type {
  DriverAction,
  DriverReading,
  DriverSelection,
} from "./surfaces/session-drivers/driver-action.js";
export type { DriverPoll, PollAnswer, SessionDrivers } from "./surfaces/session-drivers/session-drivers.js";
export { TurnFeedback, type Feedback, type Turn } from "./surfaces/session-drivers/turn-feedback.js";

// Context providers
export type {
  ContextProvider,
  ContextProviderLookup,
  ContextProviders,
} from "./surfaces/context-providers/context-providers.js";

// Configuration
export type { ConfigChange } from "./loading/config/live-config.js";
export type { ConfigDiagnostics, ConfigEntryReport } from "./loading/config/report.js";
export type { ConfigSource } from "./loading/config/resolve.js";
export type { ConfigListener, Configuration } from "./surfaces/config/configuration.js";

// Memory
export { Memory } from "./surfaces/memory/memory.js";
