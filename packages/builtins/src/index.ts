/** Hooks that most hosts want, for `host.use`, and the policies below them. */

// Rate limit
export { rateLimit, type RateLimit, type RateLimitCounts } from "./rate-limit/rate-limit.js";
export type { RateLimitOptions } from "./rate-limit/options.js";
export type { KeyPart } from "./rate-limit/keys.js";
export { RATE_PRESETS, type RatePreset, type RatePresetName } from "./rate-limit/presets.js";
export { TokenBuckets, type BucketBounds, type Taken } from "./rate-limit/token-buckets.js";
export { msToFill, rateOf, type Rate } from "./rate-limit/rate.js";

// Allow-list
export { allowList, type AllowList, type AllowListCounts } from "./allow-list/allow-list.js";
export type { AllowListOptions } from "./allow-list/options.js";

// Log lines
export { logging, type Logging, type LoggingCounts } from "./logging/logging.js";
export type { LineFields, LineLogger, LoggingOptions, LogLevel } from "./logging/options.js";

// Ring of what was asked and answered
export { debugRing, type DebugRing, type DebugRingStatistics } from "./debug-ring/debug-ring.js";
export type { DebugRingOptions, TraceQuery } from "./debug-ring/options.js";
export type { KindStatistics } from "./debug-ring/statistics.js";
export type { Trace, TracedVote } from "./debug-ring/trace.js";

// Security events
export type {
  AgentSecurityViolation,
  GatewaySecurityEvent,
  RaiseOptions,
  ThreatType,
} from "./security/security-events.js";
export type { RaiseCounts } from "./security/raiser.js";

// What all of them share
export type {
  BuiltInClock,
  BuiltInMetadata,
  EntryOf,
  EventNames,
  HookAids,
  Refusing,
  RefusingEntryOf,
  SeenEvent,
  SeenOutcome,
  SeenVote,
} from "./hook-types.js";
export type { FollowedHost } from "./watch/follow.js";
