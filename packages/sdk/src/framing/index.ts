/** Content-Length framing for both sides: bounded, resynchronising, one write per message. */
export { FrameReader } from "./frame-reader.js";
export type { LengthFault } from "./length-fault.js";
export type { FrameProblem, FrameReaderOptions } from "./reader-options.js";
export type { OpenPart } from "./open-part.js";
export {
  encodeFrame,
  FrameWriter,
  type FrameSink,
  type FrameWriterOptions,
  type PieceSink,
  type SendResult,
} from "./frame-writer.js";
export {
  MAX_HEADER_BYTES,
  MAX_INBOUND_BODY_BYTES,
  MAX_NESTING,
  MAX_OUTBOUND_BODY_BYTES,
  MAX_QUEUED_BYTES,
  MAX_SKIPPED_BODY_BYTES,
} from "./limits.js";
