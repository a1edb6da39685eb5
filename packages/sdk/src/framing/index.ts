/** Content-Length framing for both sides: bounded, resynchronising, one write per message. */
export { FrameReader, type FrameProblem, type FrameReaderOptions } from "./frame-reader.js";
export {
  encodeFrame,
  FrameWriter,
  type FrameSink,
  type FrameWriterOptions,
  type SendResult,
} from "./frame-writer.js";
export {
  MAX_HEADER_BYTES,
  MAX_INBOUND_BODY_BYTES,
  MAX_OUTBOUND_BODY_BYTES,
  MAX_QUEUED_BYTES,
  MAX_SKIPPED_BODY_BYTES,
} from "./limits.js";
