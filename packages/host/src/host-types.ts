import type { ChainPolicy, Permission } from "@synaps/sdk/protocol";
import type { Filter, Phase } from "./dispatch/subscription.js";
import type { ExtensionStatus } from "./supervision/members.js";
import type { SubscriptionCount } from "./observe/accounting.js";
import type { ConfirmPrompt } from "./options.js";

export type { ExtensionStatus } from "./supervision/members.js";

export interface HostSnapshot {
  extensions: readonly ExtensionStatus[];
  subscriptions: readonly SubscriptionCount[];
}

export interface SubscribeOptions {
  /** Name that votes carry. Default `program`. */
  id?: string;
  /** Lower is asked first. Default 0. */
  priority?: number;
  phase?: Phase;
  /** True if not answering counts as a block. Default false. */
  closed?: boolean;
  /** Default: the kind's. */
  deadlineMs?: number;
  filter?: Filter;
  /** Default: what the kind and its actions need. The program itself needs nobody's leave. */
  permissions?: readonly Permission[];
}

export interface EmitOptions {
  /** For this event instead of the host's or the catalog's policy. */
  chain?: ChainPolicy;
}

export interface InterceptOptions extends EmitOptions {
  /** Instead of the host's; `block` asks nobody. */
  confirm?: ConfirmPrompt | "block";
}
