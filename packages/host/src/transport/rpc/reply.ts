/** Every way a request can end. An application error is an answer; it says nothing about the process. */
export type Reply =
  | {
      type: "result";
      result: unknown;
      /** JSON pointers of integers in `result` whose digits were lost in parsing. */
      inexact?: readonly string[];
    }
  | { type: "error"; code: number; message: string; data?: unknown }
  /** `lagged`: the host itself did not run in time, so the process is not to blame. */
  | { type: "timeout"; lagged: boolean }
  | { type: "cancelled" }
  | { type: "closed" }
  | { type: "not_sent"; reason: "too_large" | "full" }
  /** The only request in flight was answered with something that cannot be decoded. */
  | { type: "unreadable"; reason: "invalid" | "too_large"; detail: string };
