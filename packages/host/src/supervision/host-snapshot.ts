import type { AuditStatus } from "@synaps/audit";
import type { SubscriptionCount } from "../observe/metrics/book.js";
import type { CacheStatus } from "../observe/cache-status.js";
import type { RaisedCount } from "../observe/drops/raised-count.js";
import type { StreamCount } from "../observe/stream-books.js";
import type { ExtensionStatus } from "./members.js";

/** A host as it is at one moment: plain data without payloads, configuration and secrets. Does not change afterwards. */
export interface HostSnapshot {
  /** Every extension that was found, also one without a process, in the order of their ids. */
  extensions: readonly ExtensionStatus[];
  /** Counts of each subscription that at least one event has matched. */
  subscriptions: readonly SubscriptionCount[];
  /** Ends of the items of streams, for each subscription that at least one item has matched. */
  streams: readonly StreamCount[];
  /** Ends of the events that were raised on topics, for each extension that followed at least one. */
  raised: readonly RaisedCount[];
  /** Outputs of operations that extensions asked to keep. */
  cache: CacheStatus;
  /** Subscriptions that the host's configuration keeps from being asked, as `<extension>/<subscription>`. Absent when there are none. */
  switchedOff?: readonly string[];
  /** State of the audit: its file, lines that wait and were dropped, and why it cannot be written. Absent without one. */
  audit?: AuditStatus;
}
