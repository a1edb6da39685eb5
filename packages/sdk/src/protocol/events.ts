import type { AbstentionReason } from "./abstention.js";
import type { Action } from "./catalog.js";
import type { JsonObject, JsonValue } from "./json.js";
import type { SynapsKind } from "./synaps-catalog.js";

/** The nine keys that every event carries on the wire, in this order; null when a key does not apply. */
export const ENVELOPE_KEYS = [
  "kind",
  "tool_name",
  "tool_runtime_name",
  "tool_input",
  "tool_output",
  "message",
  "session_id",
  "transcript",
  "data",
] as const;

/** Facts about one delivery that protocol 3 adds beside the envelope under the key `meta`. */
export interface EventMeta {
  event_id: string;
  /** Milliseconds since the Unix epoch, as the host sent it. */
  sent_at: number;
  /** Milliseconds that this delivery may take. */
  deadline_ms: number;
  /** 1 for the first delivery, 2 for the one repeat after a crash. */
  attempt: number;
  correlation_id?: string;
  tool_call_id?: string;
  is_error?: boolean;
  /** The shared context that earlier hooks of the same event made; absent when there is none. */
  annotations?: JsonObject;
  /** Whether `tool_output` is only the beginning of the real output. */
  truncated?: boolean;
  /** Size of the whole output in bytes of UTF-8; present when truncated. */
  total_bytes?: number;
  /** For streams: items of the session that were missed since the one before; absent when there are none. */
  dropped?: number;
}

/** One event as it travels. */
export interface HookEvent {
  kind: string;
  /** Name that is safe for model APIs. */
  tool_name: string | null;
  /** Name inside the program, for instance `plugin:tool`. */
  tool_runtime_name: string | null;
  tool_input: JsonValue;
  /** At most 256 KiB, then a marker that names the whole size. */
  tool_output: string | null;
  message: string | null;
  session_id: string | null;
  transcript: JsonValue[] | null;
  data: JsonValue;
  meta?: EventMeta;
}

/** A type and not an interface, so that a value of it is JSON for the compiler. */
export type UsageData = {
  provider: string;
  model: string | null;
  session_id: string | null;
  message_id: string | null;
  turn_id: string | null;
  usage: {
    input_tokens: number;
    output_tokens: number;
    cache_read_input_tokens: number;
    cache_creation_input_tokens: number;
    cache_creation_5m?: number;
    cache_creation_1h?: number;
  };
  source: { event: string };
  occurred_at: string;
};

/** One vote in `on_decision`. */
export type DecisionVote = {
  extension: string;
  /** The hook's `id`, else its kind and number. */
  subscription: string;
  /** The action that it answered with, `abstained`, or `not_reached` when the chain had ended before its turn. */
  said: Action | "abstained" | "not_reached";
  /** Reason of an abstention. */
  reason?: AbstentionReason;
  /** There when the abstention counted as a block. */
  closed?: true;
  /** Reason why an answer had no effect. */
  ignored?: string;
  /** Places of an injection that the host escaped. */
  markers_escaped?: number;
  /** Milliseconds until its answer. */
  ms?: number;
};

/** The event that an `on_decision` is about. Texts have at most 500 bytes, and secrets of known shapes are masked. */
export type DecisionSubject = {
  /** Kind of the event. */
  kind: string;
  /** Name of the event: `meta.event_id` of those who were asked about it before anybody rewrote it. */
  event_id: string;
  session_id?: string;
  tool_name?: string;
  tool_runtime_name?: string;
  tool_call_id?: string;
  correlation_id?: string;
  /** The program's own `traceFields`. */
  labels?: { [name: string]: string | number };
};

/** `data` of `on_decision`. A type and not an interface, so that a value of it is JSON for the compiler. */
export type DecisionData = DecisionSubject &
  (
    | {
        /** A gate has its outcome. */
        stage: "decided";
        /** `meta.event_id` of those who were asked after the last rewrite; absent when nobody rewrote it. */
        final_event_id?: string;
        /** True if the event is about a failure. */
        is_error?: boolean;
        decision: Action;
        /** The extension that decided. */
        decided_by?: string;
        decision_reason?: string;
        /** Question of a confirm. */
        message?: string;
        votes: DecisionVote[];
        duration_ms: number;
      }
    | {
        /** An operation between hooks has ended; `event_id` is that of the event before it. */
        stage: "ended";
        ran: true;
        is_error: boolean;
        output_bytes: number;
        /** Number of runs, there when it ran more than once. */
        attempts?: number;
        /** Place that it was sent to with `redirect`. */
        target?: string;
        /** Number of operations that it was forked into. */
        operations?: number;
      }
    | {
        stage: "ended";
        ran: false;
        /** True if an answer stands in for it. */
        answered: boolean;
        stopped_by?: string;
        stop_reason: string;
      }
  );

/** Which envelope fields a kind fills, by kind of the `synaps` catalog. */
export interface SynapsPayloads {
  before_tool_call: { tool_name: string };
  after_tool_call: { tool_name: string; tool_output: string };
  before_message: { message: string };
  on_message_complete: { message: string; data: { content_block_count: number; has_tool_use: boolean } };
  on_compaction: {
    message: string;
    data: { old_session_id: string; new_session_id: string; message_count: number; source: string };
  };
  on_usage: { data: UsageData };
  on_decision: { data: DecisionData };
  on_session_start: { session_id: string };
  on_session_end: { session_id: string; transcript: JsonValue[] | null };
}

/** An event of the `synaps` catalog as a handler receives it. */
export type SynapsEvent<K extends SynapsKind> = Omit<HookEvent, "kind" | keyof SynapsPayloads[K]> &
  SynapsPayloads[K] & { kind: K };

/** An event of which a hook that declares `fields` gets parts: a member that it does not name is absent, never null. */
export type EventParts<K extends SynapsKind> = { kind: K } & Partial<Omit<SynapsEvent<K>, "kind">>;
