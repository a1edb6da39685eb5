/** The wire contract that host and SDK share. Plain data and small guards; no dependency. */
export { ABSTENTION_REASONS, isAbstentionReason, type AbstentionReason } from "./abstention.js";
export {
  BREAKER_NAMES,
  BREAKER_PRESETS,
  BREAKER_BOUNDS,
  breakerPolicy,
  wrongBreaker,
  type BreakerBounds,
  type BreakerChoice,
  type BreakerPolicy,
  type BreakerPreset,
  type OwnBreaker,
} from "./breaker.js";
export {
  ACTIONS,
  isChainPolicy,
  isTextField,
  type Action,
  type AttributeSpec,
  type Catalog,
  type ChainPolicy,
  type Delivery,
  type EnvelopeField,
  type ForkJoin,
  type HookKindSpec,
  OVERFLOWS,
  type Overflow,
  type RequiredField,
} from "./catalog.js";
export type {
  ActionIn,
  CatalogEvent,
  Catalogs,
  CatalogVerdict,
  EventWithout,
  KindOf,
  RaisedIn,
  SchemaIn,
  SeenIn,
  SpecOf,
} from "./catalog-types.js";
export { defineCatalog } from "./define-catalog.js";
export {
  composite,
  conditional,
  firstMatch,
  sequence,
  timed,
  type AnyAnswer,
  type AnyHandler,
  type TimedOptions,
} from "./combinators.js";
export { didYouMean, unknownKey } from "./did-you-mean.js";
export type { DroppedEvents, DroppedNotice } from "./dropped.js";
export { WIRE_ERRORS, type WireErrorName } from "./error-codes.js";
export {
  ENVELOPE_KEYS,
  type EventMeta,
  type EventParts,
  type HookEvent,
  type DecisionData,
  type DecisionVote,
  type SynapsEvent,
  type SynapsPayloads,
  type UsageData,
} from "./events.js";
export { globMatches, isGlob } from "./glob.js";
export { inexactNumbers, MAY_LOSE_DIGITS } from "./inexact-numbers.js";
export { isJsonObject, type JsonObject, type JsonValue } from "./json.js";
export type { MemoryNote, MemoryQuery, MemoryReceipt, MemoryRecord } from "./memory.js";
export {
  classifyMessage,
  type IncomingMessage,
  type InitializeParams,
  type InitializeResult,
  type NotificationMessage,
  type RequestId,
  type RequestMessage,
  type ResponseMessage,
  type ToolDeclaration,
  type WireError,
} from "./messages.js";
export { METHODS, type Direction, type MessageForm, type MethodEntry, type MethodName } from "./methods.js";
export {
  anything,
  binary,
  flag,
  list,
  metadataOnly,
  nullable,
  number,
  object,
  oneOfTexts,
  text,
  u64,
  whole,
  type ByteLength,
  type PayloadOf,
  type PayloadScalar,
  type PayloadSchema,
  type PayloadType,
  type SeenPayloadOf,
} from "./payload.js";
export {
  CAPABILITY_PERMISSIONS,
  isPermission,
  PERMISSIONS,
  RESERVED_PERMISSIONS,
  type Permission,
  type PermissionName,
} from "./permissions.js";
export { memberAt, pointerKeys } from "./pointer.js";
export {
  cached,
  DEFAULT_CACHE_TTL_MS,
  fork,
  MAX_CACHE_TTL_MS,
  redirect,
  retry,
  skip,
  store,
  type Backoff,
  type Cache,
  type CacheHit,
  type CacheStore,
  type Fork,
  type Jitter,
  type Redirect,
  type Retry,
  type Skip,
} from "./operation-answers.js";
export {
  block,
  confirm,
  inject,
  MALFORMED_MODIFY,
  NO_MESSAGE,
  NO_REASON,
  modify,
  parseVerdict,
  proceed,
  replace,
  type Block,
  type Confirm,
  type Continue,
  type Inject,
  type Modify,
  type ParsedVerdict,
  type Replace,
  type SynapsVerdict,
  type SynapsVerdicts,
  type Verdict,
} from "./results.js";
export { DEFAULT_DEADLINE_MS, synapsCatalog, type SynapsKind } from "./synaps-catalog.js";
export {
  isHostTopic,
  isTopic,
  MAX_HOPS,
  MAX_TOPIC_LENGTH,
  topicGlobProblem,
  topicMatches,
  topicPermission,
  topicSentence,
  type RaisedEvent,
  type TopicPermission,
} from "./topics.js";
export { prefixOfBytes } from "./truncate.js";
export {
  DEFAULT_PROTOCOL_VERSION,
  isProtocolVersion,
  knownFeatures,
  PROTOCOL_FEATURES,
  PROTOCOL_VERSIONS,
  SYNAPS_VERSION,
  type ProtocolFeature,
  type ProtocolVersion,
} from "./version.js";
export { voting, type Voter, type VotingOptions } from "./voting.js";
