import type { Reply } from "../transport/rpc/reply.js";
import type { SharedParams } from "../transport/rpc/shared-params.js";
import type { Waiting } from "../transport/rpc/request-table.js";

/** Pipe to a live process. */
export interface Channel {
  /** Sends a request. Returns its number, or how it ended at once: `waiting` is not told then. */
  post(method: string, params: string | SharedParams, waiting: Waiting): number | Reply;
  /** Gives a request up. The process is told first, where it understands that; then `waiting` is settled. */
  giveUp(id: number, reply: Reply): void;
  /** True while the process waits for an answer of the host to a request of its own. */
  readonly asking: boolean;
}

/** `live` takes requests now, `starting` and `restarting` may do so soon, the others will not. */
export type Availability = "live" | "starting" | "restarting" | "failed" | "quarantined" | "stopped";

/** The extension as delivery sees it. Tests put a scripted process behind this interface. */
export interface Recipient {
  readonly id: string;
  /** State and restarts, for the trace. */
  readonly state: string;
  readonly restartCount: number;
  readonly availability: Availability;
  /** The pipe of the live process; undefined while there is none. Still there while a stop drains. */
  readonly channel: Channel | undefined;
  /** Reason for having no live process, or for the end of the last process. */
  readonly reason: string | undefined;
  /** Features that the live process negotiated. */
  readonly sendsMeta: boolean;
  readonly takesBatches: boolean;
  /** Time of the last byte from the process, on the host's clock. */
  readonly heardMs: number;
  /** True if the host can ping the process: then missed deadlines alone do not make it count as hung. */
  readonly pinged: boolean;
  /** Starts a lazy extension that nobody has needed so far. */
  wake(): void;
  /** Ends a process that is of no use any more; supervision restarts it. */
  takeDown(why: string): void;
}
