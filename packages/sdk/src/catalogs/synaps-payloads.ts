import { z } from "zod";

const text = z.string();
const nullableText = z.string().nullable();

const usage = z.looseObject({
  provider: text,
  model: nullableText,
  session_id: nullableText,
  message_id: nullableText,
  turn_id: nullableText,
  usage: z.looseObject({
    input_tokens: z.number(),
    output_tokens: z.number(),
    cache_read_input_tokens: z.number(),
    cache_creation_input_tokens: z.number(),
    cache_creation_5m: z.number().optional(),
    cache_creation_1h: z.number().optional(),
  }),
  source: z.looseObject({ event: text }),
  occurred_at: text,
});

/** What each kind of the `synaps` catalog must fill of its envelope; other fields may stay null. */
export const synapsPayloads = {
  before_tool_call: z.looseObject({ tool_name: text }),
  after_tool_call: z.looseObject({ tool_name: text, tool_output: text }),
  before_message: z.looseObject({ message: text }),
  on_message_complete: z.looseObject({
    message: text,
    data: z.looseObject({ content_block_count: z.number(), has_tool_use: z.boolean() }),
  }),
  on_compaction: z.looseObject({
    message: text,
    data: z.looseObject({
      old_session_id: text,
      new_session_id: text,
      message_count: z.number(),
      source: text,
    }),
  }),
  on_usage: z.looseObject({ data: usage }),
  on_session_start: z.looseObject({ session_id: text }),
  on_session_end: z.looseObject({ session_id: text, transcript: z.array(z.json()).nullable() }),
} as const;
