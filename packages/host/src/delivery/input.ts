import type { JsonValue } from "@synaps/sdk/protocol";

/** What an embedder passes to `emit`: the envelope's fields that apply. The others become null. */
export interface EventInput<K extends string = string> {
  kind: K;
  /** Name that is safe for model APIs. */
  tool_name?: string | null;
  /** Name inside the program when it is another, for instance `plugin:tool`. */
  tool_runtime_name?: string | null;
  tool_input?: JsonValue;
  /** The whole output; extensions get a preview of at most 256 KiB. */
  tool_output?: string | null;
  message?: string | null;
  session_id?: string | null;
  transcript?: JsonValue[] | null;
  data?: JsonValue;
  /** Joins the events of one operation; sent to protocol 3. */
  correlation_id?: string;
  tool_call_id?: string;
  /** Whether `tool_output` is the text of an error. */
  is_error?: boolean;
}
