/** What went wrong in the stream. The reader has already found its way on when it reports one. */
export type FrameProblem =
  | { type: "bad_length" }
  | { type: "too_large"; bytes: number }
  | { type: "not_utf8"; bytes: number }
  | { type: "not_json"; bytes: number };

export interface FrameReaderOptions {
  /** Called for each decoded message, in order. */
  onMessage(message: unknown): void;
  /** Called with what stood outside of any frame; `sample` is its beginning, at most 200 characters. */
  onStray?(bytes: number, sample: string): void;
  onProblem?(problem: FrameProblem): void;
  /** Default 4 MiB. */
  maxBodyBytes?: number;
  /** Default 8 KiB. */
  maxHeaderBytes?: number;
}
