import type { CallRequest, CallResult, Work, WorkStatus } from "../supervision/work.js";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import { DeadlineTimer } from "../time/deadline-timer.js";
import { Waiters } from "../time/waiters.js";
import type { Reply } from "../transport/rpc/reply.js";
import { Batches, type BatchSource } from "./batches.js";
import { Call } from "./call.js";
import { History, type BreakerChange, type HistoryLimits } from "./history.js";
import { InFlight } from "./in-flight.js";
import { Queues, type QueueLimits } from "./queues.js";
import type { Channel, Recipient } from "./recipient.js";
import { LANES, type Carrier, type Lane, type Request } from "./request.js";
import { abstained, cancelled, judged, namesOf, waitedInVain, wasSeen, type Judged } from "./results.js";
import { Slots, type Concurrency } from "./slots.js";
import type { DeliveryResult } from "./request.js";
import type { Target } from "./target.js";

export interface DeliveryOptions {
  clock: Clock;
  activity: Activity;
  concurrency: Concurrency;
  limits: HistoryLimits & QueueLimits;
  /** Told when a subscription is not asked for a while, and when it is asked again. */
  onBreaker?(change: BreakerChange): void;
  /** Time for which the host waited so far, its own work not counted. Default: the clock's. */
  waitedMs?(): number;
}

const CANCELLED: Reply = { type: "cancelled" };
const CLOSED_INPUT = "it closed its standard input";

/**
 * Takes everything that is handed to one extension to its process: gates, observed events, batches and calls. A request
 * waits for a live process, then for a slot, is sent, and is done; `request.ts` has the table of moves. Deadlines,
 * overflow, retry after a crash, hand-over to a successor, breakers and poison are accounted for here and nowhere else.
 */
export class Delivery implements Work, Carrier, Target {
  readonly #recipient: Recipient;
  readonly id: string;
  readonly #options: DeliveryOptions;
  readonly #clock: Clock;
  readonly #slots: Slots;
  readonly #queues: Queues;
  readonly #history: History;
  readonly #sent = new InFlight();
  readonly #batches: Batches;
  readonly #deadlines: DeadlineTimer;
  readonly #waited: () => number;
  readonly #idle = new Waiters();
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
    this.id = recipient.id;
    this.#options = options;
    this.#clock = clock;
    this.#slots = new Slots(concurrency);
    this.#queues = new Queues(limits);
    this.#history = new History(limits, options.onBreaker);
    this.#deadlines = new DeadlineTimer(clock, (nowMs, lagged) => this.#expire(nowMs, lagged));
    this.#waited = options.waitedMs ?? (() => clock.now());
    this.#batches = new Batches(this.#batchSource());
  }

  get health(): string {
    return this.#recipient.state;
  }

  get annotates(): boolean {
    return this.#recipient.sendsMeta;
  }

  get restartCount(): number {
    return this.#recipient.restartCount;
  }

  get inFlight(): number {
    return this.#sent.size;
  }

  get idle(): boolean {
    return this.#sent.size === 0 && this.#queues.length === 0;
  }

  /** Takes a request. `request.finished` is called once, perhaps before this returns. */
  hand(request: Request): void {
    if (this.#successor) return this.#successor.hand(request);
    const nowMs = this.#clock.now();
    request.arrivedMs = nowMs;
    request.carrier = this;
    this.#options.activity.begin();
    if (!this.#history.clean && this.#refuse(request, nowMs)) return;
    const { channel } = this.#recipient;
    const queued = this.#queues.length > 0 && this.#queues.count(request.lane) > 0;
    if (channel === undefined || this.#closing || queued || !this.#mayGoAtOnce(request.lane, channel))
      return this.#place(request, channel, nowMs);
    request.placed();
    this.#send(request, channel, nowMs);
  }

  call(request: CallRequest): Promise<CallResult> {
    return new Promise((resolve) => {
      const call = new Call(request, this.#clock.now(), resolve, (one) => this.abandon(one));
      this.hand(call);
      if (request.signal?.aborted) this.abandon(call);
    });
  }

  status(): WorkStatus {
    const nowMs = this.#clock.now();
    const history = this.#history.status(nowMs, this.#clock.wallMs() - nowMs);
    return { inFlight: this.#sent.size, waiting: this.#queues.length, ...history };
  }

  doing(): string | undefined {
    return this.#sent.size === 0 ? undefined : namesOf(this.#sent.all());
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
    const sent = this.#sent.takeAll();
    this.#giveBack(sent, "stopped", nowMs);
    this.#endAll("stopped");
    this.#deadlines.cancel();
    this.#checkIdle();
  }

  /** From now on another delivery gets what this one has not sent, in order, and everything that is still to come. */
  handOver(successor: Delivery): void {
    this.#successor = successor;
    this.#history.retire();
    if (this.#observing || this.#predecessor) successor.#predecessor = this;
    successor.#queues.streams.inherit(this.#queues.streams);
    const { queued, blocked } = this.#queues.take(() => true);
    for (const request of blocked) request.placed();
    successor.#adopt([...queued, ...blocked]);
    this.#checkIdle();
  }

  /** The reply to a request that was sent. */
  replied(request: Request, reply: Reply): void {
    // A reply after the end of the request, as from a connection that closes behind a stop.
    if (request.state !== "sent") return;
    const nowMs = this.#clock.now();
    if (reply.type === "closed") return this.#outlive(request);
    if (reply.type === "result") this.#pace(request, nowMs - request.firstSentMs);
    this.#ended(request, reply, judged(request, reply, this.#beside, nowMs), nowMs);
    if (this.#queues.length > 0) this.#serve();
    if (this.#closing || this.#successor) this.#checkIdle();
  }

  /** An answer says how many requests of its lane may be with the process at a time. */
  #pace(request: Request, runMs: number): void {
    if (request.lane === "gate") this.#slots.answered(runMs, this.#queues.length > 0);
    else if (request.lane === "stream")
      this.#slots.streams.answered(runMs, this.#queues.streams.ready > 0, this.#sent.overtaken(request));
  }

  /** The process has the request no more. */
  #ended(request: Request, reply: Reply, { result, counts }: Judged, nowMs: number): void {
    this.#sent.remove(request);
    this.#slots.release(request.lane);
    if (!this.#history.clean && (reply.type === "result" || reply.type === "error"))
      this.#history.answered(request);
    if (counts && !request.batched) this.#deadlinePassed();
    // A breaker would silence all sessions because of a slow one.
    this.#end(request, result, counts && request.home !== "stream", nowMs);
  }

  /** True if a process of protocol 1 or 2 works on a call. */
  #beside = (): boolean => this.#slots.concurrency.serial && this.#slots.busy("call") > 0;

  /** Returns true if the past of the event or of its subscription keeps it from being sent. */
  #refuse(request: Request, nowMs: number): boolean {
    const refused = this.#history.refuses(request, nowMs);
    if (refused === undefined) {
      const suspect = this.#history.standing(request.event, nowMs) === "suspect";
      if (suspect && request.lane === "gate") request.lane = "trial";
      return false;
    }
    request.placed();
    // The history does not hear of this end: nothing was sent, and no probe was begun.
    this.#finish(request, abstained(request, refused.reason, nowMs, refused.detail));
    return true;
  }

  /** Queues a request that cannot be sent at once, or ends it where nothing will come of waiting. */
  #place(request: Request, channel: Channel | undefined, nowMs: number): void {
    const { availability, reason } = this.#recipient;
    const why = this.#closing ? "stopped" : availability;
    if (why !== "live" && why !== "starting" && why !== "restarting") {
      request.placed();
      const detail = why === "stopped" ? undefined : reason;
      return this.#end(request, abstained(request, why, nowMs, detail), false, nowMs);
    }
    if (channel) this.#queue(request);
    else this.#await(request, nowMs);
    const offer = this.#queues.offer(request, nowMs);
    this.#deadlines.watch(request.dueMs);
    if (offer.type !== "blocked") request.placed();
    if (offer.type === "dropped") {
      const { overflow, lane } = request;
      if (overflow === "disconnect" && (lane === "observe" || lane === "stream"))
        this.#recipient.takeDown("disconnected: the queue of its observed events was full");
      for (const one of offer.dropped) this.#end(one, abstained(one, "overloaded", nowMs), false, nowMs);
    }
    if (!channel) this.#recipient.wake();
    else if (request.lane === "stream") this.#serve();
    else if (request.lane === "observe" && this.#recipient.takesBatches) this.#batches.schedule();
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
    if (typeof posted === "number") {
      request.wireId = posted;
      return;
    }
    // It never left the host, so it was no attempt.
    if (posted.type === "not_sent") request.attempt -= 1;
    this.replied(request, posted);
  }

  #begin(request: Request, nowMs: number): void {
    request.move("sent");
    request.attempt += 1;
    if (request.attempt === 1) request.firstSentMs = nowMs;
    if (request.breaker !== undefined) request.waitedMs = this.#waited();
    request.limit(request.firstSentMs + request.deadlineMs);
    this.#slots.take(request.lane);
    this.#sent.add(request);
  }

  /** The connection is closed, but supervision has not said that the process ended. */
  #outlive(request: Request): void {
    this.#cutOff.push(request);
    this.#deadlines.watch(request.dueMs);
  }

  #deadlinePassed(): void {
    if (this.#history.deadlinePassed(this.#recipient.heardMs, this.#clock.now()) && !this.#recipient.pinged)
      this.#recipient.takeDown("hung: several deadlines passed without a byte from it");
  }

  #end(request: Request, result: DeliveryResult, counts: boolean, nowMs: number): void {
    if (counts || request.breaker !== undefined || !this.#history.clean)
      this.#history.ended(request, result, counts, this.#tookMs(request, result), nowMs);
    this.#finish(request, result);
  }

  /** Time for which the host waited for the end. What it did meanwhile is not the extension's fault. */
  #tookMs(request: Request, { runMs }: DeliveryResult): number {
    // The time of a batch says nothing about one of its events.
    if (request.breaker === undefined || request.batched) return 0;
    return Math.min(runMs, this.#waited() - request.waitedMs);
  }

  #finish(request: Request, result: DeliveryResult): void {
    request.move("done");
    if (request.home === "stream") this.#queues.streams.ended(request, wasSeen(request, result));
    this.#options.activity.end();
    request.finished(result);
  }

  #endAll(reason: "stopped" | "failed" | "quarantined", detail?: string): void {
    const nowMs = this.#clock.now();
    const { queued, blocked } = this.#queues.take(() => true);
    for (const request of blocked) request.placed();
    for (const request of [...queued, ...blocked])
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

  /** True if an observed event or a stream item is with the process. */
  get #observing(): boolean {
    return this.#slots.busy("observe") > 0 || this.#queues.streams.out > 0;
  }

  #mayGo(lane: Lane, channel: Channel): boolean {
    if (lane === "observe" && (this.#predecessor !== undefined || this.#recipient.takesBatches)) return false;
    if (lane === "stream" && this.#predecessor !== undefined) return false;
    const asking = this.#slots.concurrency.serial && channel.asking;
    return this.#slots.free(lane, asking);
  }

  /** Items of streams always take their place in their session first. */
  #mayGoAtOnce(lane: Lane, channel: Channel): boolean {
    return lane !== "stream" && this.#mayGo(lane, channel);
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
    if (this.#queues.count("observe") > 0 && this.#recipient.takesBatches) this.#batches.schedule();
    for (const request of this.#queues.admit()) request.placed();
  }

  #sendNext(lane: Lane, channel: Channel, nowMs: number): void {
    const request = this.#queues.shift(lane);
    if (!request) return;
    // Meanwhile a breaker may have opened: many that waited would cost a deadline each.
    if (!this.#history.clean && this.#refuse(request, nowMs)) return;
    const standing = this.#history.standing(request.event, nowMs);
    if (standing === "suspect" && (lane === "gate" || lane === "stream")) {
      request.lane = "trial";
      this.#queues.push(request);
      // The lane for trials was served before: nobody else may come back for the request.
      if (this.#mayGo("trial", channel)) this.#sendNext("trial", channel, nowMs);
      return;
    }
    this.#send(request, channel, nowMs);
  }

  /** Gives a request up at once, in the queue or at the process; protocol 3 is told. */
  abandon(request: Request): void {
    const nowMs = this.#clock.now();
    const carrier = request.carrier;
    if (carrier !== this && carrier instanceof Delivery) return carrier.abandon(request);
    if (request.state === "sent") return this.#recipient.channel?.giveUp(request.wireId, CANCELLED);
    if (this.#queues.take((one) => one === request).queued.length === 0) return;
    this.#end(request, cancelled(request, nowMs), false, nowMs);
    this.#checkIdle();
  }

  #expire(nowMs: number, lagged: boolean): number {
    const isDue = ({ dueMs }: Request): boolean => dueMs <= nowMs;
    const { queued, blocked } = this.#queues.take(isDue);
    for (const request of blocked) request.placed();
    for (const request of blocked) this.#end(request, abstained(request, "overloaded", nowMs), false, nowMs);
    for (const request of queued)
      this.#end(
        request,
        abstained(request, waitedInVain(request, this.#recipient.availability), nowMs),
        false,
        nowMs,
      );
    const due = this.#cutOff.filter(isDue);
    this.#cutOff = this.#cutOff.filter((request) => !isDue(request));
    for (const request of due) {
      const reply = { type: "timeout", lagged } as const;
      this.#ended(request, reply, judged(request, reply, this.#beside, nowMs, CLOSED_INPUT), nowMs);
    }
    this.#checkIdle();
    return this.#cutOff.reduce((nextMs, { dueMs }) => Math.min(nextMs, dueMs), this.#queues.nextDueMs());
  }

  #checkIdle(): void {
    const { idle } = this;
    if (idle) this.#idle.wake();
    if (this.#successor && !this.#predecessor && (idle || !this.#observing))
      this.#successor.#predecessorDone(this);
  }

  #predecessorDone(predecessor: Delivery): void {
    if (this.#predecessor !== predecessor) return;
    this.#predecessor = undefined;
    this.changed();
    // Replaced meanwhile: the successor has waited for the same events.
    this.#checkIdle();
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
        request.batched = true;
        this.#begin(request, nowMs);
      },
      cutOff: (request) => this.#outlive(request),
      ended: (request, reply, end, nowMs) => this.#ended(request, reply, end, nowMs),
      batchEnded: (timedOut) => {
        if (timedOut) this.#deadlinePassed();
        this.#serve();
        this.#checkIdle();
      },
    };
  }

  #nextObserved(): { request: Request; suspect: boolean } | undefined {
    if (this.#predecessor) return undefined;
    for (;;) {
      const request = this.#queues.peek("observe");
      if (!request) return undefined;
      const nowMs = this.#clock.now();
      if (this.#history.clean || !this.#refuse(request, nowMs))
        return { request, suspect: this.#history.standing(request.event, nowMs) === "suspect" };
      this.#queues.shift("observe");
    }
  }
}
