/** What extension authors import. No runtime dependency: a child's cold start is part of the product. */
export { type ConfigField, type ConfigOf, type ConfigSpec } from "./config.js";
export type { ConfigChange, ExtensionConfiguration } from "./configuration.js";
export {
  defineExtension,
  defineHook,
  type CallContext,
  type Extension,
  type ExtensionContext,
  type ExtensionDefinition,
  type CatalogHandler,
  type HookHandler,
  type HookHandlers,
  type OtherKind,
  type ProgressReport,
  type ToolContext,
  type ToolDefinition,
} from "./define-extension.js";
export {
  composite,
  conditional,
  firstMatch,
  sequence,
  timed,
  type AnyAnswer,
  type AnyHandler,
  type TimedOptions,
} from "./protocol/combinators.js";
export { ExtensionError } from "./errors.js";
export type { ExtensionMemory } from "./memory.js";
export { cached, fork, redirect, retry, skip, store } from "./protocol/operation-answers.js";
export { block, confirm, inject, modify, proceed, replace } from "./protocol/results.js";
export type {
  ContentBlock,
  ProviderDefinition,
  ProviderEvent,
  ProviderModel,
  ProviderRequest,
  ProviderResult,
  StreamContext,
} from "./providers.js";
export type { ExtensionEvents, PublishedEvent } from "./raised-events.js";
export type { DroppedEvents, DroppedNotice } from "./protocol/dropped.js";
export type { EventParts, SynapsEvent } from "./protocol/events.js";
export type { JsonObject, JsonValue } from "./protocol/json.js";
export type { MemoryNote, MemoryQuery, MemoryReceipt, MemoryRecord } from "./protocol/memory.js";
export type { SynapsVerdict, Verdict } from "./protocol/results.js";
export type { SynapsKind } from "./protocol/synaps-catalog.js";
export type {
  CommandContext,
  CommandHandler,
  CommandOutput,
  DriverPoll,
  EditorContext,
  EditorRow,
  EditorView,
  ExtensionWidgets,
  SettingsEditor,
  Task,
  TaskOptions,
  Widget,
} from "./screens.js";
export type { EventFor, InputOf, InputShape, InputType, ToolInputs } from "./tool-inputs.js";
export { serve } from "./serve/serve.js";
export { voting, type Voter, type VotingOptions } from "./protocol/voting.js";
