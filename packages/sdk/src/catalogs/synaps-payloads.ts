import {
  anything,
  flag,
  list,
  nullable,
  number,
  object,
  oneOfTexts,
  text,
  type PayloadSchema,
} from "../protocol/payload.js";
import type { SynapsKind } from "../protocol/synaps-catalog.js";

/** More may come: the ecosystem adds members as it grows. */
const OPEN = { open: true } as const;

const usage = object(
  {
    provider: text(),
    model: nullable(text()),
    session_id: nullable(text()),
    message_id: nullable(text()),
    turn_id: nullable(text()),
    usage: object(
      {
        input_tokens: number(),
        output_tokens: number(),
        cache_read_input_tokens: number(),
        cache_creation_input_tokens: number(),
        cache_creation_5m: number(),
        cache_creation_1h: number(),
      },
      { open: true, optional: ["cache_creation_5m", "cache_creation_1h"] },
    ),
    source: object({ event: text() }, OPEN),
    occurred_at: text(),
  },
  OPEN,
);

/**
 * The members that each kind of the `synaps` catalog must fill; other fields may stay null. The catalog itself declares
 * no payloads: a host hands on what programs of the ecosystem send, as the reference does.
 */
export const synapsPayloads = {
  before_tool_call: object({ tool_name: text() }, OPEN),
  after_tool_call: object({ tool_name: text(), tool_output: text() }, OPEN),
  before_message: object({ message: text() }, OPEN),
  on_message_complete: object(
    { message: text(), data: object({ content_block_count: number(), has_tool_use: flag() }, OPEN) },
    OPEN,
  ),
  on_compaction: object(
    {
      message: text(),
      data: object(
        { old_session_id: text(), new_session_id: text(), message_count: number(), source: text() },
        OPEN,
      ),
    },
    OPEN,
  ),
  on_usage: object({ data: usage }, OPEN),
  on_decision: object(
    { data: object({ stage: oneOfTexts("decided", "ended"), kind: text(), event_id: text() }, OPEN) },
    OPEN,
  ),
  on_session_start: object({ session_id: text() }, OPEN),
  on_session_end: object({ session_id: text(), transcript: nullable(list(anything())) }, OPEN),
} as const satisfies Record<SynapsKind, PayloadSchema>;
