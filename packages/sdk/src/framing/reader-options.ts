import type { LengthFault } from "./length-fault.js";

/** A fault in the stream; `sample` is the beginning of what came, at most 200 characters. The reader goes on by itself. */
export type FrameProblem =
  | { type: "bad_length"; sample: string }
  | { type: "too_large"; bytes: number; sample: string }
  | { type: "too_deep"; bytes: number; sample: string }
  | { type: "not_utf8"; bytes: number; sample: string; length?: LengthFault }
  | { type: "not_json"; bytes: number; sample: string; length?: LengthFault };

/** Receivers and bounds of a FrameReader. Defaults are the limits of this protocol. */
export interface FrameReaderOptions {
  /** Called for each decoded message, in order, with the JSON that the message was parsed from. */
  onMessage(message: unknown, text: string): void;
  /** Called with what stood outside of any frame; `sample` is its beginning, at most 200 bytes, a character each. */
  onStray?(bytes: number, sample: string): void;
  onProblem?(problem: FrameProblem): void;
  /** Default 4 MiB. */
  maxBodyBytes?: number;
  /** Default 8 KiB. */
  maxHeaderBytes?: number;
}
