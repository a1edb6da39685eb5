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

// Security events
export type {
  AgentSecurityViolation,
  GatewaySecurityEvent,
  RaiseOptions,
  ThreatType,
} from "./security/security-events.js";
export type { RaiseCounts } from "./security/raiser.js";

// What all of them share
export type { BuiltInClock, BuiltInMetadata, EntryOf, HookAids, Refusing, SeenEvent } from "./hook-types.js";
