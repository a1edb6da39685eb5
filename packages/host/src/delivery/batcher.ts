import type { DeliveryRequest, DeliveryResult } from "./delivery.js";
import type { Reply } from "../transport/rpc/connection.js";
import { BatchBody } from "./batch-body.js";
import { batchAbstained, batchResults } from "./batch-results.js";
import type { Extension } from "../supervision/extension.js";
import { Fifo } from "./fifo.js";
import type { InFlight } from "./delivery-guards.js";
import { Waiters } from "../time/waiters.js";

/** Most events in one batch; more only delay the first answer. */
const MAX_EVENTS = 512;
/** A batch is sent once it has this much text; a single larger event goes alone. */
const MAX_BYTES = 256 * 1024;
/** Batches that may be with the process: one to work on, one that is there when it is done. */
const MAX_IN_FLIGHT = 2;
/** Size of the first batch. It doubles while batches come back fast and halves when they do not. */
const FIRST_SIZE = 16;
const FAST_MS = 50;
const SLOW_MS = 500;
/** A whole batch gets more time than one event, but not more than the longest deadline there is. */
const MAX_BATCH_MS = 60_000;

interface Batch {
  items: BatchItem[];
  body: BatchBody;
}

/** An observed event in the queue. `settled` is called once: with "again" when the process fell before it was sent. */
export interface BatchItem extends InFlight {
  readonly deadlineMs: number;
  readonly arrivedMs: number;
  settled(result: DeliveryResult | "again"): void;
}

/**
 * Sends observed events many at a time to an extension that understands it (protocol 3). Nothing waits for a batch to
 * fill: what is there when the process has room for a batch is the batch. Order is kept. Bounded by the kind's queue.
 */
export class Batcher {
  readonly #extension: Extension;
  readonly #queue = new Fifo<BatchItem>();
  #inFlight = 0;
  /** Set while an event that may have brought the last process down is with this one: nothing else goes then. */
  #onTrial = false;
  #size = FIRST_SIZE;
  #lastBytes = 0;
  #scheduled = false;
  readonly #room = new Waiters();
  readonly #idle = new Waiters();

  constructor(extension: Extension) {
    this.#extension = extension;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Resolves with what became of the event, or with "again" when the process fell before it was sent. */
  async push(request: DeliveryRequest): Promise<DeliveryResult | "again"> {
    const { clock } = this.#extension.services;
    const arrivedMs = clock.now();
    if (this.full && !(await this.#makeRoom(request))) {
      request.onQueued?.();
      return { answered: false, reason: "overloaded", queueMs: clock.now() - arrivedMs, runMs: 0 };
    }
    request.onQueued?.();
    const { event, deadlineMs } = request;
    return new Promise((settled) =>
      this.add({ event, deadlineMs, arrivedMs, attempt: 1, place: 0, settled }),
    );
  }

  get full(): boolean {
    return this.#queue.length >= this.#extension.services.limits.observeQueue;
  }

  /** Puts an event at the end of the queue, whether it is full or not. */
  add(item: BatchItem): void {
    this.#queue.push(item);
    if (!this.#scheduled && !this.#crowded) this.#schedule();
  }

  /** Resolves when nothing waits and nothing is under way, or after `ms`. */
  async whenIdle(ms: number): Promise<void> {
    if (this.#queue.length > 0 || this.#inFlight > 0)
      await this.#idle.next(this.#extension.services.clock, ms);
  }

  /** The process is gone: whoever was not sent yet looks for the next one. */
  sendBack(): void {
    for (const item of this.#queue.take(() => true)) item.settled("again");
    this.#size = FIRST_SIZE;
    this.#tellIdle();
  }

  async #makeRoom({ overflow }: DeliveryRequest): Promise<boolean> {
    const { clock, limits } = this.#extension.services;
    switch (overflow) {
      case "drop_newest":
        return false;
      case "disconnect":
        this.#extension.takeDown("disconnected: it fell too far behind");
        return false;
      case "drop_oldest": {
        const oldest = this.#queue.shift();
        if (oldest) oldest.settled(batchAbstained(oldest, "overloaded", clock.now(), clock.now()));
        return true;
      }
      case "block": {
        const until = clock.now() + limits.overflowBlockMs;
        while (this.full && (await this.#room.next(clock, until - clock.now())));
        return !this.full;
      }
    }
  }

  /** Whether no further batch may go now, suspects or not. */
  get #crowded(): boolean {
    return this.#onTrial || this.#inFlight >= MAX_IN_FLIGHT;
  }

  /** After everything that is due now, so that all events of one turn share a batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(this.#sendAll);
  }

  readonly #sendAll = (): void => {
    this.#scheduled = false;
    // It fell meanwhile: what comes back looks for the next process and is not lost with this one.
    if (!this.#extension.generation) return this.sendBack();
    while (this.#queue.length > 0 && this.#mayGo()) this.#send(this.#take());
  };

  #mayGo(): boolean {
    return !this.#crowded && (this.#inFlight === 0 || !this.#suspect(this.#queue.peek()));
  }

  #suspect(item: BatchItem | undefined): boolean {
    const { guards, services } = this.#extension;
    return item !== undefined && guards.standing(item.event, services.clock.now()) !== "clean";
  }

  #take(): Batch {
    const { guards, sendsMeta } = this.#extension;
    const items: BatchItem[] = [];
    const body = new BatchBody(this.#lastBytes);
    for (let item = this.#queue.peek(); item && items.length < this.#size; item = this.#queue.peek()) {
      if (this.#onTrial) break;
      const suspect = this.#suspect(item);
      if (items.length > 0 && (suspect || body.length + item.event.text.length > MAX_BYTES)) break;
      this.#onTrial = suspect;
      body.add(item.event, sendsMeta, item.deadlineMs);
      items.push(item);
      guards.sent(item);
      this.#queue.shift();
    }
    this.#lastBytes = Math.min(body.length + (body.length >> 2), 2 * MAX_BYTES);
    this.#room.wake();
    return { items, body };
  }

  #send({ items, body }: Batch): void {
    const { services, generation } = this.#extension;
    this.#inFlight += 1;
    const sentMs = services.clock.now();
    const longest = items.reduce((most, { deadlineMs }) => Math.max(most, deadlineMs), 0);
    const ms = Math.min(MAX_BATCH_MS, Math.max(longest, longest * Math.min(items.length, 12)));
    const settle = (reply: Reply): void => this.#back(items, reply, sentMs);
    const posted = generation?.connection.post("hook.batch", body.params(), { settle, dueMs: sentMs + ms });
    if (typeof posted !== "number") settle(posted ?? { type: "closed" });
  }

  #back(items: readonly BatchItem[], reply: Reply, sentMs: number): void {
    const { guards, services } = this.#extension;
    const doneMs = services.clock.now();
    this.#inFlight -= 1;
    this.#onTrial = false;
    if (reply.type === "timeout") this.#extension.deadlinePassed();
    this.#adapt(items.length, doneMs - sentMs);
    const resultOf = batchResults(reply, sentMs, doneMs, this.#extension.reason);
    for (const item of items) guards.back(item, reply);
    for (const [place, item] of items.entries()) {
      const result = resultOf(item, place);
      // One deadline that passed is one, however many events were in the batch.
      item.settled(place === 0 || result.answered ? result : { ...result, shared: true });
    }
    if (this.#queue.length > 0) this.#schedule();
    this.#tellIdle();
  }

  #adapt(sent: number, tookMs: number): void {
    if (tookMs > SLOW_MS) this.#size = Math.max(1, Math.floor(this.#size / 2));
    else if (tookMs < FAST_MS && sent === this.#size) this.#size = Math.min(MAX_EVENTS, this.#size * 2);
  }

  #tellIdle(): void {
    if (this.#queue.length === 0 && this.#inFlight === 0) this.#idle.wake();
  }
}
