import type { AbstentionReason } from "@synaps/sdk/protocol";
import type { Times } from "../supervision/work.js";
import type { EventRequest } from "./request.js";

/** The end of one request. */
export type DeliveryResult = Times &
  (
    | {
        answered: true;
        result: unknown;
        /** JSON pointers of integers in `result` whose digits were lost in parsing. */
        inexact?: readonly string[];
      }
    | {
        answered: false;
        reason: AbstentionReason;
        detail?: string;
        /** The extension's own error, when the reason is `error`. */
        error?: { code: number; message: string; data?: unknown };
        /** True if the caller gave the request up. */
        cancelled?: true;
      }
  );

/** Anything that can be handed events: an extension's delivery, or a function of the embedder. */
export interface Target {
  readonly id: string;
  readonly health: string;
  readonly restartCount: number;
  /** Takes an event. Calls `request.finished` exactly once, perhaps before returning. Never throws. */
  hand(request: EventRequest): void;
}
