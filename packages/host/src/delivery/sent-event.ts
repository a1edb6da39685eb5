import type { SharedParams } from "../transport/rpc/shared-params.js";
import type { Envelope } from "./event-input.js";

/** An event as one extension gets it: whole, or a projection. */
export interface SentEvent {
  readonly kind: string;
  /** The tool's name, whether the extension gets it or not. */
  readonly toolName: string | null;
  /** The session, whether the extension gets it or not. */
  readonly sessionId: string | null;
  /** The text that is sent, without `meta`. */
  readonly text: string;
  /** Length of the text in UTF-16 code units; about that while the text is not written. Never changes. */
  readonly size: number;
  /** The same as a value. Shared within the host: nothing may change it. */
  readonly envelope: Partial<Envelope>;
  /**
   * Parameters of `hook.handle`; with `meta` for peers that negotiated it. `dropped`: items of a stream's session before
   * it that the extension did not get.
   */
  params(withMeta: boolean, deadlineMs: number, attempt: number, dropped?: number): string | SharedParams;
  /** The text that takes the place of the last brace for a peer that negotiated `meta`. */
  metaTail(deadlineMs: number, attempt: number, dropped?: number): string;
}

/** Length from which the text of an event is turned into bytes once, instead of once for each who gets it. */
export const SHARED_FROM = 16 * 1024;
