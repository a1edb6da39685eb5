import type { ExtensionStatus } from "./supervision/members.js";
import type { SubscriptionCount } from "./observe/accounting.js";

export type { ExtensionStatus } from "./supervision/members.js";

export interface HostSnapshot {
  extensions: readonly ExtensionStatus[];
  subscriptions: readonly SubscriptionCount[];
}
