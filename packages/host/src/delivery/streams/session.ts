import { Fifo } from "../fifo.js";
import type { Request } from "../request.js";

/** The items of one session that wait, first in, first out, and the one that its handler has. */
export class Session {
  readonly key: string | null;
  readonly waiting = new Fifo<Request>();
  /** Items that wait for room here (overflow `block`). */
  readonly blocked = new Fifo<Request>();
  /** Text of `waiting`, in UTF-16 code units. */
  size = 0;
  /** The item that was handed out and has not ended. */
  out: Request | undefined;
  /** True while the session stands in the row of those that have an item to hand out. */
  inRow = false;
  /** True while the session stands in the row of those whose blocked items wait for room in all. */
  wantsRoom = false;

  constructor(key: string | null) {
    this.key = key;
  }

  get isEmpty(): boolean {
    return this.out === undefined && this.waiting.length === 0 && this.blocked.length === 0;
  }

  push(request: Request): void {
    this.waiting.push(request);
    this.size += request.size;
  }

  prepend(requests: readonly Request[]): void {
    this.waiting.prepend(requests);
    for (const { size } of requests) this.size += size;
  }

  shift(): Request | undefined {
    const request = this.waiting.shift();
    if (request) this.size -= request.size;
    return request;
  }

  /** Takes the oldest item that may be dropped: items under `block` have to be seen. */
  takeOldest(): Request | undefined {
    const first = this.waiting.peek();
    if (first && mayDrop(first)) return this.shift();
    const [victim] = this.waiting.all().filter(mayDrop);
    return victim && this.take((one) => one === victim)[0];
  }

  /** Takes the newest item, if it may be dropped. */
  takeNewest(): Request | undefined {
    const last = this.waiting.last();
    if (!last || !mayDrop(last)) return undefined;
    this.waiting.pop();
    this.size -= last.size;
    return last;
  }

  /** Takes out all waiting items that `select` picks, in order. */
  take(select: (request: Request) => boolean): Request[] {
    const taken = this.waiting.take(select);
    for (const { size } of taken) this.size -= size;
    return taken;
  }
}

function mayDrop({ overflow }: Request): boolean {
  return overflow === "drop_newest" || overflow === "drop_oldest";
}
