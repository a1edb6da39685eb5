import type { CallRequest, CallResult, Work, WorkStatus } from "../supervision/work.js";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import { DeadlineTimer } from "../time/deadline-timer.js";
import { Waiters } from "../time/waiters.js";
import type { Reply } from "../transport/rpc/connection.js";
import { Batches, type BatchSource } from "./batches.js";
import { hadFairShare } from "./breaker.js";
import { Call } from "./call.js";
import { Fifo } from "./fifo.js";
import { History, type HistoryLimits } from "./history.js";
import { Queues, type QueueLimits } from "./queues.js";
import type { Channel, Recipient } from "./recipient.js";
import { LANES, type Carrier, type Lane, type Request } from "./request.js";
import { abstained, batchResult, failed, timesOf } from "./results.js";
import { Sent } from "./sent.js";
import { Slots, type Concurrency } from "./slots.js";
import type { DeliveryResult } from "./target.js";

export interface DeliveryOptions {
  clock: Clock;
  activity: Activity;
  concurrency: Concurrency;
  limits: HistoryLimits & QueueLimits & { overflowBlockMs: number };
}

const CANCELLED: Reply = { type: "cancelled" };

/**
 * Takes everything that is handed to one extension to its process: gates, observed events, batches and calls. A request
 * waits for a live process, then for a slot, is sent, and is done; `request.ts` has the table of moves. Deadlines,
 * overflow, retry after a crash, hand-over to a successor, breakers and poison are accounted for here and nowhere else.
 */
export class Delivery implements Work, Carrier {
  readonly #recipient: Recipient;
  readonly #options: DeliveryOptions;
  readonly #clock: Clock;
  readonly #slots: Slots;
  readonly #queues: Queues;
  readonly #history: History;
  readonly #sent = new Sent();
  readonly #batches: Batches;
  readonly #deadlines: DeadlineTimer;
  readonly #idle = new Waiters();
  /** Observed events that wait for a place in the full queue (overflow `block`). */
  readonly #blocked = new Fifo<Request>();
  /** Sent requests whose connection is closed: the end of their process, or their deadline, will end them. */
  #cutOff: Request[] = [];
  #successor: Delivery | undefined;
  /** The delivery whose observed events must be done before ours are sent, so that their order holds. */
  #predecessor: Delivery | undefined;
  /** True if a request in the queues waits for a process. */
  #anyWaiting = false;
  #serving = false;
  #closing = false;

  constructor(recipient: Recipient, options: DeliveryOptions) {
    const { clock, concurrency, limits } = options;
    this.#recipient = recipient;
    this.#options = options;
    this.#clock = clock;
    this.#slots = new Slots(concurrency);
    this.#queues = new Queues(limits);
    this.#history = new History(limits);
    this.#deadlines = new DeadlineTimer(clock, (nowMs, lagged) => this.#expire(nowMs, lagged));
    this.#batches = new Batches(this.#batchSource());
  }

  get inFlight(): number {
    return this.#sent.size;
  }

  get idle(): boolean {
    return this.#sent.size === 0 && this.#queues.length === 0 && this.#blocked.length === 0;
  }

  /** Takes a request. `request.finished` is called once, perhaps before this returns. */
  hand(request: Request): void {
    if (this.#successor) return this.#successor.hand(request);
    const nowMs = this.#clock.now();
    request.arrivedMs = nowMs;
    request.carrier = this;
    this.#options.activity.begin();
    const refused = this.#history.refuses(request, nowMs);
    if (refused === undefined) return this.#place(request, nowMs);
    request.placed();
    // The history does not hear of this end: nothing was sent, and no probe was begun.
    this.#finish(request, abstained(request, refused, nowMs));
  }

  call(request: CallRequest): Promise<CallResult> {
    return new Promise((resolve) => {
      const call = new Call(request, this.#clock.now(), resolve, (one) => this.#abandon(one));
      this.hand(call);
      if (request.signal?.aborted) this.#abandon(call);
    });
  }

  status(): WorkStatus {
    const nowMs = this.#clock.now();
    const offsetMs = this.#clock.wallMs() - nowMs;
    return {
      inFlight: this.#sent.size,
      waiting: this.#queues.length + this.#blocked.length,
      openBreakers: this.#history.openBreakers(),
      poisoned: this.#history
        .poisoned(nowMs)
        .map(({ untilMs = nowMs, ...event }) => ({ ...event, until: Math.round(untilMs + offsetMs) })),
    };
  }

  doing(): string | undefined {
    return this.#sent.doing();
  }

  heard(): void {
    this.#history.heard();
  }

  forgive(): void {
    this.#history.forgive();
  }

  changed(): void {
    if (this.#queues.length === 0) return;
    const { availability, channel, reason } = this.#recipient;
    if (channel) {
      if (this.#anyWaiting)
        for (const request of this.#queues.all()) if (request.state === "waiting") this.#queue(request);
      this.#anyWaiting = false;
      return this.#serve();
    }
    if (availability === "starting" || availability === "restarting") return this.#recipient.wake();
    this.#endAll(availability === "live" ? "stopped" : availability, reason);
  }

  exited(byItself: boolean): void {
    const nowMs = this.#clock.now();
    const sent = this.#sent.takeAll();
    this.#cutOff = [];
    this.#slots.reset();
    this.#batches.reset();
    this.#history.exited(sent, byItself, nowMs);
    for (const request of this.#queues.all()) this.#await(request, nowMs);
    this.#giveBack(sent, "crash", nowMs);
    this.changed();
    this.#checkIdle();
  }

  async drain(ms: number): Promise<void> {
    this.#closing = true;
    if (!this.idle) await this.#idle.next(this.#clock, ms);
    this.#endAll("stopped");
  }

  close(): void {
    this.#closing = true;
    const nowMs = this.#clock.now();
    this.#cutOff = [];
    this.#giveBack(this.#sent.takeAll(), "stopped", nowMs);
    this.#endAll("stopped");
    this.#deadlines.cancel();
    this.#checkIdle();
  }

  /** From now on another delivery gets what this one has not sent, in order, and everything that is still to come. */
  handOver(successor: Delivery): void {
    this.#successor = successor;
    if (this.#sent.has("observe")) successor.#predecessor = this;
    const blocked = this.#blocked.take(() => true);
    successor.#adopt([...this.#queues.take(() => true), ...blocked]);
    this.#checkIdle();
  }

  /** The reply to a request that was sent. */
  replied(request: Request, reply: Reply): void {
    // A reply after the end of the request, as from a connection that closes behind a stop.
    if (request.state !== "sent") return;
    const nowMs = this.#clock.now();
    if (reply.type === "closed") return this.#outlive(request);
    this.#sent.remove(request);
    this.#slots.release(request.lane);
    if (reply.type === "result" || reply.type === "error") this.#history.answered(request);
    if (reply.type === "result" && request.lane === "gate")
      this.#slots.answered(nowMs - request.firstSentMs, this.#queues.length > 0);
    const [result, counts] = this.#judged(request, reply, nowMs);
    this.#end(request, result, counts, nowMs);
    this.#serve();
    this.#checkIdle();
  }

  #place(request: Request, nowMs: number): void {
    const { channel } = this.#recipient;
    const standing = this.#history.standing(request.event, nowMs);
    if (standing === "suspect" && request.lane === "gate") request.lane = "trial";
    if (
      channel &&
      !this.#closing &&
      this.#queues.count(request.lane) === 0 &&
      this.#mayGo(request.lane, channel)
    ) {
      request.placed();
      return this.#send(request, channel, nowMs);
    }
    const { availability, reason } = this.#recipient;
    if (
      this.#closing ||
      (availability !== "live" && availability !== "starting" && availability !== "restarting")
    ) {
      request.placed();
      const why = this.#closing || availability === "live" ? "stopped" : availability;
      return this.#end(
        request,
        abstained(request, why, nowMs, why === "stopped" ? undefined : reason),
        false,
        nowMs,
      );
    }
    if (channel) this.#queue(request);
    else this.#await(request, nowMs);
    if (!this.#queues.hasRoom(request)) return this.#overflow(request, nowMs);
    request.placed();
    this.#enqueue(request);
    if (!channel) this.#recipient.wake();
  }

  #enqueue(request: Request): void {
    this.#queues.push(request);
    this.#deadlines.watch(request.dueMs);
    if (request.lane === "observe" && this.#batched) this.#batches.schedule();
  }

  /** The queue of an observer, a gate or a call is full. */
  #overflow(request: Request, nowMs: number): void {
    const { overflow } = request;
    if (request.lane === "observe") {
      if (overflow === "drop_oldest") {
        const oldest = this.#queues.shift("observe");
        if (oldest) this.#end(oldest, abstained(oldest, "overloaded", nowMs), false, nowMs);
        request.placed();
        return this.#enqueue(request);
      }
      if (overflow === "block" && this.#blocked.length < this.#options.limits.observeQueue) {
        request.dueMs = nowMs + this.#options.limits.overflowBlockMs;
        this.#blocked.push(request);
        return this.#deadlines.watch(request.dueMs);
      }
      if (overflow === "disconnect")
        this.#recipient.takeDown("disconnected: the queue of its observed events was full");
    }
    request.placed();
    this.#end(request, abstained(request, "overloaded", nowMs), false, nowMs);
  }

  /** Waits for a live process: within the deadline, which runs from now, or from the first sending. */
  #await(request: Request, nowMs: number): void {
    if (request.state !== "waiting") request.move("waiting");
    this.#anyWaiting = true;
    const fromMs = request.attempt === 0 ? nowMs : request.firstSentMs;
    request.limit(fromMs + request.deadlineMs);
    this.#deadlines.watch(request.dueMs);
  }

  /** Waits for a slot: gates until the chain's time ends, calls for their deadline, observed events without end. */
  #queue(request: Request): void {
    request.move("queued");
    const { lane, arrivedMs } = request;
    request.limit(lane === "call" ? arrivedMs + request.deadlineMs : Number.POSITIVE_INFINITY);
    this.#deadlines.watch(request.dueMs);
  }

  #send(request: Request, channel: Channel, nowMs: number): void {
    this.#begin(request, nowMs);
    const { sendsMeta } = this.#recipient;
    const params = request.params(sendsMeta, request.dueMs - nowMs);
    const posted = channel.post(request.method, params, request);
    if (typeof posted === "number") request.wireId = posted;
    else this.replied(request, posted);
  }

  #begin(request: Request, nowMs: number): void {
    request.move("sent");
    request.attempt += 1;
    if (request.attempt === 1) request.firstSentMs = nowMs;
    request.limit(request.firstSentMs + request.deadlineMs);
    this.#slots.take(request.lane);
    this.#sent.add(request);
  }

  /** The connection is closed, but supervision has not said that the process ended. */
  #outlive(request: Request): void {
    this.#cutOff.push(request);
    this.#deadlines.watch(request.dueMs);
  }

  /** The result, and whether a deadline passed that counts against the subscription. */
  #judged(
    request: Request,
    reply: Exclude<Reply, { type: "closed" }>,
    nowMs: number,
  ): [DeliveryResult, boolean] {
    switch (reply.type) {
      case "result": {
        const { queueMs, runMs } = timesOf(request, nowMs);
        const { result, inexact } = reply;
        if (inexact) return [{ answered: true, result, inexact, queueMs, runMs }, false];
        return [{ answered: true, result, queueMs, runMs }, false];
      }
      case "error":
        return [failed(request, reply, nowMs), false];
      case "unreadable":
        return [abstained(request, reply.reason, nowMs, reply.detail), false];
      case "not_sent":
        return [abstained(request, reply.reason === "full" ? "overloaded" : "too_large", nowMs), false];
      case "cancelled":
        return [{ ...abstained(request, "stopped", nowMs), cancelled: true }, false];
      case "timeout":
        return this.#timedOut(request, reply.lagged, nowMs);
    }
  }

  #timedOut(request: Request, lagged: boolean, nowMs: number, detail?: string): [DeliveryResult, boolean] {
    const { cut, deadlineMs, lane } = request;
    // A process of protocol 1 or 2 that works on a call cannot answer a gate meanwhile.
    const beside = lane !== "call" && this.#slots.concurrency.serial && this.#slots.busy("call") > 0;
    const reason = cut && lane !== "call" ? "budget" : beside ? "busy" : "timeout";
    const result = abstained(request, reason, nowMs, detail);
    const counts = !lagged && !beside && (!cut || hadFairShare(result.runMs, deadlineMs));
    if (counts) this.#deadlinePassed();
    return [result, counts && request.event !== undefined];
  }

  #deadlinePassed(): void {
    if (this.#history.deadlinePassed() && !this.#recipient.pinged)
      this.#recipient.takeDown("hung: several deadlines passed without a byte from it");
  }

  #end(request: Request, result: DeliveryResult, counts: boolean, nowMs: number): void {
    this.#history.ended(request, result, counts, nowMs);
    this.#finish(request, result);
  }

  #finish(request: Request, result: DeliveryResult): void {
    request.move("done");
    this.#options.activity.end();
    request.finished(result);
  }

  #endAll(reason: "stopped" | "failed" | "quarantined", detail?: string): void {
    const nowMs = this.#clock.now();
    const blocked = this.#blocked.take(() => true);
    for (const request of blocked) request.placed();
    for (const request of [...this.#queues.take(() => true), ...blocked])
      this.#end(request, abstained(request, reason, nowMs, detail), false, nowMs);
  }

  /** Requests that were with a process that ended: repeatable ones wait for the next process, before all others. */
  #giveBack(sent: readonly Request[], reason: "crash" | "stopped", nowMs: number): void {
    const again: Request[] = [];
    for (const request of sent) {
      const { repeatable, attempt } = request;
      if (repeatable && attempt === 1 && (reason === "crash" || this.#successor)) again.push(request);
      else this.#end(request, abstained(request, reason, nowMs, this.#recipient.reason), false, nowMs);
    }
    for (const request of again) this.#await(request, nowMs);
    if (this.#successor) return this.#successor.#adopt(again);
    for (const lane of LANES) {
      const own = again.filter((request) => this.#laneOf(request, nowMs) === lane);
      for (const request of own) request.lane = lane;
      this.#queues.prepend(lane, own);
    }
  }

  #laneOf(request: Request, nowMs: number): Lane {
    const { home } = request;
    return home === "gate" && this.#history.standing(request.event, nowMs) !== "clean" ? "trial" : home;
  }

  /** Takes over requests of a predecessor, before all that came since. */
  #adopt(requests: readonly Request[]): void {
    const nowMs = this.#clock.now();
    for (const request of requests) {
      request.carrier = this;
      request.lane = request.home;
      this.#await(request, nowMs);
    }
    for (const lane of LANES)
      this.#queues.prepend(
        lane,
        requests.filter((request) => request.lane === lane),
      );
    this.changed();
  }

  #mayGo(lane: Lane, channel: Channel): boolean {
    if (lane === "observe" && (this.#predecessor !== undefined || this.#batched)) return false;
    return this.#slots.free(lane, channel.asking);
  }

  get #batched(): boolean {
    return this.#recipient.takesBatches && this.#predecessor === undefined;
  }

  /** Sends what waits, as far as there are slots. */
  #serve(): void {
    const { channel } = this.#recipient;
    // A request that ends at once calls back into this loop, which serves the next one anyway.
    if (this.#serving || this.#queues.length === 0 || !channel) return;
    this.#serving = true;
    const nowMs = this.#clock.now();
    for (const lane of LANES) {
      while (this.#queues.count(lane) > 0 && this.#mayGo(lane, channel)) this.#sendNext(lane, channel, nowMs);
    }
    this.#serving = false;
    if (this.#queues.count("observe") > 0 && this.#batched) this.#batches.schedule();
    this.#admitBlocked();
  }

  #sendNext(lane: Lane, channel: Channel, nowMs: number): void {
    const request = this.#queues.shift(lane);
    if (!request) return;
    const standing = this.#history.standing(request.event, nowMs);
    if (standing === "poison") return this.#end(request, abstained(request, "poison", nowMs), false, nowMs);
    if (standing === "suspect" && lane === "gate") {
      // The lane for trials is served first: the next round finds the request there.
      request.lane = "trial";
      return this.#queues.push(request);
    }
    this.#send(request, channel, nowMs);
  }

  #admitBlocked(): void {
    for (let next = this.#blocked.peek(); next && this.#queues.hasRoom(next); next = this.#blocked.peek()) {
      this.#blocked.shift();
      next.dueMs = Number.POSITIVE_INFINITY;
      next.placed();
      this.#enqueue(next);
    }
  }

  #abandon(request: Request): void {
    const nowMs = this.#clock.now();
    const carrier = request.carrier;
    if (carrier !== this && carrier instanceof Delivery) return carrier.#abandon(request);
    if (request.state === "sent") return this.#recipient.channel?.giveUp(request.wireId, CANCELLED);
    if (this.#queues.take((one) => one === request).length === 0) return;
    this.#end(request, { ...abstained(request, "stopped", nowMs), cancelled: true }, false, nowMs);
    this.#checkIdle();
  }

  #expire(nowMs: number, lagged: boolean): number {
    const isDue = ({ dueMs }: Request): boolean => dueMs <= nowMs;
    for (const request of this.#blocked.take(isDue)) {
      request.placed();
      this.#end(request, abstained(request, "overloaded", nowMs), false, nowMs);
    }
    for (const request of this.#queues.take(isDue))
      this.#end(request, abstained(request, this.#waitedFor(request), nowMs), false, nowMs);
    const due = this.#cutOff.filter(isDue);
    this.#cutOff = this.#cutOff.filter((request) => !isDue(request));
    for (const request of due) {
      this.#sent.remove(request);
      this.#slots.release(request.lane);
      this.#end(request, ...this.#timedOut(request, lagged, nowMs, "it closed its standard input"), nowMs);
    }
    this.#checkIdle();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { dueMs } of [...this.#queues.all(), ...this.#blocked.all(), ...this.#cutOff])
      nextMs = Math.min(nextMs, dueMs);
    return nextMs;
  }

  /** The reason of a request that waited in vain. Waiting for a slot is never held against the extension. */
  #waitedFor({ state, cut }: Request): "busy" | "budget" | "starting" | "restarting" {
    if (state === "queued") return "busy";
    if (cut) return "budget";
    return this.#recipient.availability === "restarting" ? "restarting" : "starting";
  }

  #checkIdle(): void {
    const { idle } = this;
    if (idle) this.#idle.wake();
    if (this.#successor && (idle || !this.#sent.has("observe"))) this.#successor.#predecessorDone(this);
  }

  #predecessorDone(predecessor: Delivery): void {
    if (this.#predecessor !== predecessor) return;
    this.#predecessor = undefined;
    this.changed();
  }

  #batchSource(): BatchSource {
    const recipient = this.#recipient;
    return {
      get channel() {
        return recipient.takesBatches ? recipient.channel : undefined;
      },
      get sendsMeta() {
        return recipient.sendsMeta;
      },
      now: () => this.#clock.now(),
      next: () => this.#nextObserved(),
      take: (request, nowMs) => {
        this.#queues.shift("observe");
        this.#begin(request, nowMs);
      },
      batchReplied: (batch, reply) => this.#batchReplied(batch, reply),
    };
  }

  #nextObserved(): { request: Request; suspect: boolean } | undefined {
    if (this.#predecessor) return undefined;
    for (;;) {
      const request = this.#queues.peek("observe");
      if (!request) return undefined;
      const nowMs = this.#clock.now();
      const standing = this.#history.standing(request.event, nowMs);
      if (standing !== "poison") return { request, suspect: standing === "suspect" };
      this.#queues.shift("observe");
      this.#end(request, abstained(request, "poison", nowMs), false, nowMs);
    }
  }

  #batchReplied(batch: readonly Request[], reply: Reply): void {
    const nowMs = this.#clock.now();
    const open = batch.filter(({ state }) => state === "sent");
    if (reply.type === "closed") return open.forEach((request) => this.#outlive(request));
    if (open.length === 0) return;
    for (const request of batch) {
      this.#sent.remove(request);
      this.#slots.release(request.lane);
      if (reply.type === "result" || reply.type === "error") this.#history.answered(request);
    }
    // One deadline that passed counts once for each subscription, however many of its events were in the batch.
    const counted = new Set<string | undefined>();
    batch.forEach((request, place) => {
      if (reply.type === "result")
        return this.#end(request, batchResult(request, reply.result, place, nowMs), false, nowMs);
      const counts = reply.type === "timeout" && !reply.lagged && !counted.has(request.subscription);
      counted.add(request.subscription);
      const [result] =
        reply.type === "timeout"
          ? [abstained(request, "timeout", nowMs)]
          : this.#judged(request, reply, nowMs);
      this.#end(request, result, counts, nowMs);
    });
    if (reply.type === "timeout" && !reply.lagged) this.#deadlinePassed();
    this.#serve();
    this.#checkIdle();
  }
}
