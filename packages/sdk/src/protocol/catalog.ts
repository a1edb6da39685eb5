import type { PayloadSchema } from "./payload.js";
import type { PermissionName } from "./permissions.js";
import type { ProtocolVersion } from "./version.js";

/** What one extension may answer. One vocabulary on the wire for all catalogs. */
export const ACTIONS = [
  "continue",
  "block",
  "confirm",
  "modify",
  "inject",
  "replace",
  "cache",
  "redirect",
  "retry",
  "fork",
  "skip",
] as const;

/** An action that some kind allows its subscriptions. Each kind names its own in `actions`. */
export type Action = (typeof ACTIONS)[number];

/** How `emit` treats a kind: wait for the outcome, or only hand the event over. */
export type Delivery = "gate" | "observe" | "stream" | "lifecycle";

/** How the answers of a gate's subscriptions become one outcome. */
export type ChainPolicy = "first_decision" | "rewrite_then_veto";

/** True for the name of a chain policy. Takes anything and never throws. */
export function isChainPolicy(value: unknown): value is ChainPolicy {
  return value === "first_decision" || value === "rewrite_then_veto";
}

/** What happens to a further event when a slow observer's queue is full. */
export type Overflow = (typeof OVERFLOWS)[number];

/** All answers to a full queue. */
export const OVERFLOWS = Object.freeze(["drop_newest", "drop_oldest", "block", "disconnect"] as const);

/** Envelope field that an action overwrites as a whole. */
export type EnvelopeField = "tool_input" | "tool_output" | "message" | "data";

/** Fields that actions can overwrite. */
export const ENVELOPE_FIELDS: readonly EnvelopeField[] = ["tool_input", "tool_output", "message", "data"];

/** Field of the envelope that a kind can require of each event. `tool_output` may be null, but must be given. */
export type RequiredField =
  "tool_name" | "tool_input" | "tool_output" | "message" | "session_id" | "transcript" | "data";

/** Fields that a kind can require. */
export const REQUIRED_FIELDS: readonly RequiredField[] = [
  "tool_name",
  "tool_input",
  "tool_output",
  "message",
  "session_id",
  "transcript",
  "data",
];

/** True for a field of the envelope that is a text or null, whatever replaces it. */
export function isTextField(field: EnvelopeField): boolean {
  return field === "tool_output" || field === "message";
}

/** A fact about an event that a subscription may filter on: a member of the event, by its JSON pointer. */
export interface AttributeSpec {
  /** JSON pointer into the event, for instance `/data/protocol`. It may name a member that is metadata only. */
  readonly at: string;
  /**
   * `strings` is a list of texts; a filter holds if it holds for one of them. `address` is a text with an IP address, with or
   * without a port: a filter names addresses and ranges such as `192.168.1.0/24`, and is compared as numbers, not as text.
   */
  readonly type: "string" | "number" | "boolean" | "strings" | "address";
  /** All values that can occur, if they are known. A filter on another one is dead. Not for addresses. */
  readonly values?: readonly (string | number | boolean)[];
  readonly description: string;
}

/** The meaning of a failure among several forked operations: it fails all of them, or each has its own result. */
export type ForkJoin = "all" | "settled";

/** A hook kind of a catalog: who may subscribe, what the answers may be, and what they mean. */
export interface HookKindSpec {
  /** Permission that a subscription needs: one of `PERMISSIONS` or of the catalog's own. */
  readonly permission: PermissionName;
  /** Whether a subscription may name tools. */
  readonly toolFilter: boolean;
  /** Fields that each event of the kind must have; a host refuses an event without them. Default: none. */
  readonly requires?: readonly RequiredField[];
  readonly actions: readonly Action[];
  /** A second permission that one action needs, checked at each answer. */
  readonly actionPermissions?: Partial<Readonly<Record<Action, PermissionName>>>;
  readonly delivery: Delivery;
  /** Only for observe and stream; default `drop_newest`. */
  readonly overflow?: Overflow;
  /** Field that `modify` replaces. Absent: `modify` means nothing here. */
  readonly modifies?: EnvelopeField;
  /** Field that `replace` replaces. */
  readonly replaces?: EnvelopeField;
  /** Whether `on_failure: "closed"` has a meaning: there is something to stop or to withhold. */
  readonly canFailClosed: boolean;
  /** Lowest protocol version that may subscribe. */
  readonly since: ProtocolVersion;
  /** Deadline for one answer in milliseconds when the manifest sets none. */
  readonly deadlineMs: number;
  readonly description: string;
  /** The policy of a bare `emit` for this kind, if not the catalog's. Only for gates. */
  readonly chain?: ChainPolicy;
  /** Form of the event's members. An event that does not have it is refused before anything is sent. */
  readonly payload?: PayloadSchema;
  /** Facts that subscriptions may filter on, by name. Default: none. */
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  /** JSON pointers of the members that make the key of `cache`. Default: the tool's name and the field that `modify` replaces. */
  readonly cacheKey?: readonly string[];
  /** Only with `fork`. Default `all`: one failure fails all. */
  readonly forkJoin?: ForkJoin;
}

/** A named set of hook kinds. Kind names are unique over all catalogs of a host. */
export interface Catalog {
  readonly name: string;
  /** Semantic version of the declarations. Default `1.0.0`. */
  readonly version?: string;
  /** What a bare `emit` does with gates. */
  readonly chain: ChainPolicy;
  /** Permissions of the catalog's own, each with a sentence for the person who grants it. Default: none. */
  readonly permissions?: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, HookKindSpec>>;
}
