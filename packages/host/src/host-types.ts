import type { ChainPolicy } from "@synaps/sdk/protocol";
import type { ExtensionStatus } from "./supervision/members.js";
import type { SubscriptionCount } from "./observe/accounting.js";
import type { ConfirmPrompt } from "./options.js";

export type { ExtensionStatus } from "./supervision/members.js";

export interface HostSnapshot {
  extensions: readonly ExtensionStatus[];
  subscriptions: readonly SubscriptionCount[];
}

export interface EmitOptions {
  /** For this event instead of the host's or the catalog's policy. */
  chain?: ChainPolicy;
}

export interface InterceptOptions extends EmitOptions {
  /** Instead of the host's; `block` asks nobody. */
  confirm?: ConfirmPrompt | "block";
}
