import { isJsonObject, type AbstentionReason, type JsonValue } from "@synaps/sdk/protocol";
import type { DeliveryRequest, DeliveryResult } from "../event/delivery.js";
import type { OutgoingEvent } from "../event/outgoing-event.js";
import type { Reply } from "../rpc/connection.js";
import { RawParams } from "../rpc/raw-params.js";
import type { Extension } from "./extension.js";
import type { InFlight } from "./delivery-guards.js";
import { Waiters } from "./waiters.js";

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
  items: Item[];
  flights: InFlight[];
  text: string;
}

interface Item {
  readonly event: OutgoingEvent;
  readonly deadlineMs: number;
  readonly arrivedMs: number;
  readonly settle: (result: DeliveryResult | "again") => void;
}

/**
 * Sends observed events many at a time to an extension that understands it (protocol 3). Nothing waits for a batch to
 * fill: what is there when the process has room for a batch is the batch. Order is kept. Bounded by the kind's queue.
 */
export class Batcher {
  readonly #extension: Extension;
  #queue: Item[] = [];
  #inFlight = 0;
  /** Set while an event that may have brought the last process down is with this one: nothing else goes then. */
  #onTrial = false;
  #size = FIRST_SIZE;
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
    return new Promise((settle) => this.add(request.event, request.deadlineMs, settle));
  }

  get full(): boolean {
    return this.#queue.length >= this.#extension.services.limits.observeQueue;
  }

  /** Puts an event at the end of the queue, whether it is full or not. */
  add(event: OutgoingEvent, deadlineMs: number, settle: Item["settle"]): void {
    this.#queue.push({ event, deadlineMs, arrivedMs: this.#extension.services.clock.now(), settle });
    this.#schedule();
  }

  /** Resolves when nothing waits and nothing is under way, or after `ms`. */
  async whenIdle(ms: number): Promise<void> {
    if (this.#queue.length > 0 || this.#inFlight > 0)
      await this.#idle.next(this.#extension.services.clock, ms);
  }

  /** The process is gone: whoever was not sent yet looks for the next one. */
  sendBack(): void {
    for (const item of this.#queue.splice(0)) item.settle("again");
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
        const [oldest] = this.#queue.splice(0, 1);
        if (oldest) oldest.settle(this.#abstained(oldest, "overloaded", clock.now(), clock.now()));
        return true;
      }
      case "block": {
        const until = clock.now() + limits.overflowBlockMs;
        while (this.full && (await this.#room.next(clock, until - clock.now())));
        return !this.full;
      }
    }
  }

  /** After everything that is due now, so that all events of one turn share a batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      // It fell meanwhile: what comes back looks for the next process and is not lost with this one.
      if (!this.#extension.generation) return this.sendBack();
      while (this.#queue.length > 0 && this.#mayGo()) void this.#send(this.#take());
    });
  }

  #mayGo(): boolean {
    const room = !this.#onTrial && this.#inFlight < MAX_IN_FLIGHT;
    return room && (this.#inFlight === 0 || !this.#suspect(this.#queue[0]));
  }

  #suspect(item: Item | undefined): boolean {
    const { guards, services } = this.#extension;
    return item !== undefined && guards.standing(item.event, services.clock.now()) !== "clean";
  }

  #take(): Batch {
    const { guards, sendsMeta } = this.#extension;
    const items: Item[] = [];
    const flights: InFlight[] = [];
    let text = "";
    while (items.length < this.#size && items.length < this.#queue.length) {
      const item = this.#queue[items.length];
      if (!item || this.#onTrial) break;
      const suspect = this.#suspect(item);
      if (suspect && items.length > 0) break;
      this.#onTrial = suspect;
      const { event, deadlineMs } = item;
      const one = event.params(sendsMeta, deadlineMs, 1).text;
      if (items.length > 0 && text.length + one.length > MAX_BYTES) break;
      text += items.length === 0 ? one : `,${one}`;
      items.push(item);
      flights.push(guards.sent(event, 1));
    }
    this.#queue.splice(0, items.length);
    this.#room.wake();
    return { items, flights, text };
  }

  async #send({ items, flights, text }: Batch): Promise<void> {
    const { guards, services, generation } = this.#extension;
    this.#inFlight += 1;
    const sentMs = services.clock.now();
    const longest = Math.max(...items.map(({ deadlineMs: own }) => own));
    const deadlineMs = Math.min(MAX_BATCH_MS, Math.max(longest, longest * Math.min(items.length, 12)));
    const params = new RawParams(`{"events":[${text}]}`);
    const sent = generation?.connection.send("hook.batch", params, deadlineMs);
    const reply: Reply = (await sent) ?? { type: "closed" };
    const doneMs = services.clock.now();
    this.#inFlight -= 1;
    this.#onTrial = false;
    for (const flight of flights) guards.back(flight, reply);
    if (reply.type === "timeout") this.#extension.deadlinePassed();
    this.#adapt(items.length, doneMs - sentMs);
    const results = reply.type === "result" ? resultsOf(reply.result) : [];
    for (const [place, item] of items.entries()) {
      const result = this.#resultOf(item, reply, results[place], sentMs, doneMs);
      // One deadline that passed is one, however many events were in the batch.
      item.settle(place === 0 || result.answered ? result : { ...result, shared: true });
    }
    this.#schedule();
    this.#tellIdle();
  }

  #adapt(sent: number, tookMs: number): void {
    if (tookMs > SLOW_MS) this.#size = Math.max(1, Math.floor(this.#size / 2));
    else if (tookMs < FAST_MS && sent === this.#size) this.#size = Math.min(MAX_EVENTS, this.#size * 2);
  }

  #resultOf(
    item: Item,
    reply: Reply,
    own: JsonValue | undefined,
    sentMs: number,
    doneMs: number,
  ): DeliveryResult {
    switch (reply.type) {
      case "result": {
        if (isJsonObject(own) && isJsonObject(own["error"])) {
          const { code, message } = own["error"];
          return this.#abstained(
            item,
            "error",
            sentMs,
            doneMs,
            `error ${String(code)}: ${String(message).slice(0, 500)}`,
          );
        }
        const times = { queueMs: sentMs - item.arrivedMs, runMs: doneMs - sentMs };
        return { answered: true, result: own ?? { action: "continue" }, ...times };
      }
      case "error":
        return this.#abstained(
          item,
          "error",
          sentMs,
          doneMs,
          `error ${reply.code}: ${reply.message.slice(0, 500)}`,
        );
      case "not_sent":
        return this.#abstained(item, reply.reason === "full" ? "overloaded" : "too_large", sentMs, doneMs);
      case "timeout":
        return this.#abstained(item, "timeout", sentMs, doneMs);
      case "cancelled":
      case "closed":
        return this.#abstained(item, "crash", sentMs, doneMs, this.#extension.reason);
    }
  }

  #abstained(
    item: Item,
    reason: AbstentionReason,
    sentMs: number,
    doneMs: number,
    detail?: string,
  ): DeliveryResult {
    const times = { queueMs: sentMs - item.arrivedMs, runMs: doneMs - sentMs };
    return { answered: false, reason, ...(detail === undefined ? {} : { detail }), ...times };
  }

  #tellIdle(): void {
    if (this.#queue.length === 0 && this.#inFlight === 0) this.#idle.wake();
  }
}

/** The answer to a batch: null when all went on, else one entry for each event. */
function resultsOf(result: unknown): (JsonValue | undefined)[] {
  if (!isJsonObject(result) || !Array.isArray(result["results"])) return [];
  return result["results"];
}
