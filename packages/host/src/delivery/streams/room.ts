import type { Request } from "../request.js";
import type { Session } from "./session.js";

/** Text of one session's items that may wait, in UTF-16 code units: about 8 MiB, a tenth of a second of a fast network. */
const MAX_SESSION_SIZE = 8 * 1024 * 1024;
/** The same for all sessions together, as for gates. */
const MAX_SIZE = 64 * 1024 * 1024;

export interface StreamLimits {
  streamQueue: number;
  streamItems: number;
  overflowBlockMs: number;
}

/** Counts items and text, and says what fits. Items that wait for a place have a bound of their own, as large again. */
export class Room {
  readonly #limits: StreamLimits;
  #size = 0;
  #blockedSize = 0;
  waiting = 0;
  blocked = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  count(items: 1 | -1, size: number): void {
    this.waiting += items;
    this.#size += items * size;
  }

  countBlocked(items: 1 | -1, size: number): void {
    this.blocked += items;
    this.#blockedSize += items * size;
  }

  /** An item that is larger than the bound may wait alone. */
  fitsSession({ waiting, size }: Session, request: Request): boolean {
    if (waiting.length === 0) return true;
    return waiting.length < this.#limits.streamQueue && size + request.size <= MAX_SESSION_SIZE;
  }

  fitsAll({ size }: Request): boolean {
    return this.waiting === 0 || (this.waiting < this.#limits.streamItems && this.#size + size <= MAX_SIZE);
  }

  fits(session: Session, request: Request): boolean {
    return this.fitsSession(session, request) && this.fitsAll(request);
  }

  mayBlock(session: Session, { size }: Request): boolean {
    const { streamQueue, streamItems } = this.#limits;
    if (session.blocked.length >= streamQueue || this.blocked >= streamItems) return false;
    return this.blocked === 0 || this.#blockedSize + size <= MAX_SIZE;
  }
}
