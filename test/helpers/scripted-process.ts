import { Delivery } from "../../packages/host/src/delivery/delivery.js";
import { OutgoingEvent } from "../../packages/host/src/delivery/outgoing-event.js";
import type { Availability, Channel, Recipient } from "../../packages/host/src/delivery/recipient.js";
import { EventRequest, HANDLE, type RequestOptions } from "../../packages/host/src/delivery/request.js";
import { concurrencyOf, type Concurrency } from "../../packages/host/src/delivery/slots.js";
import type { DeliveryResult } from "../../packages/host/src/delivery/request.js";
import { DEFAULT_LIMITS, type HostLimits } from "../../packages/host/src/options.js";
import { Activity } from "../../packages/host/src/time/activity.js";
import type { Reply } from "../../packages/host/src/transport/rpc/reply.js";
import type { Waiting } from "../../packages/host/src/transport/rpc/request-table.js";
import type { SharedParams } from "../../packages/host/src/transport/rpc/shared-params.js";
import { FakeClock } from "./fake-clock.js";

export interface Posted {
  id: number;
  method: string;
  params: string | SharedParams;
  waiting: Waiting;
  open: boolean;
}

/** A process that follows a script, behind the narrow interface through which delivery sees an extension. */
export class ScriptedProcess implements Recipient {
  availability: Availability = "live";
  /** False for a live process whose connection is not there yet, or not any more. */
  isConnected = true;
  readonly id = "scripted";
  readonly state = "running";
  readonly restartCount = 0;
  heardMs = -1;
  reason: string | undefined;
  sendsMeta = false;
  takesBatches = false;
  pinged = false;
  woken = 0;
  /** All requests that were sent, in order. */
  readonly posted: Posted[] = [];
  readonly takenDown: string[] = [];
  asking = false;
  /** Ends the next requests at once instead of sending them. */
  refusal: Reply | undefined;
  /** Called for each request that was sent. */
  onPost: (posted: Posted) => void = () => {};
  readonly clock: FakeClock;
  #pipe: Channel | undefined;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  get channel(): Channel | undefined {
    if (this.availability !== "live" || !this.isConnected) return undefined;
    this.#pipe ??= this.#connect();
    return this.#pipe;
  }

  wake(): void {
    this.woken += 1;
  }

  takeDown(why: string): void {
    this.takenDown.push(why);
  }

  get open(): Posted[] {
    return this.posted.filter(({ open }) => open);
  }

  answer(posted: Posted | undefined, result: unknown = { action: "continue" }): void {
    this.reply(posted, { type: "result", result });
  }

  reply(posted: Posted | undefined, reply: Reply): void {
    if (!posted?.open) throw new Error("nobody waits for that reply");
    posted.open = false;
    posted.waiting.settle(reply);
  }

  /** The process ends: its connection closes, and supervision tells the delivery. */
  exit(delivery: Delivery, next: Availability, byItself = true): void {
    this.availability = next;
    this.reason = "it ended";
    this.#pipe = undefined;
    for (const posted of this.open) this.reply(posted, { type: "closed" });
    delivery.exited(byItself);
  }

  /** Another process is live. */
  restart(delivery: Delivery): void {
    this.availability = "live";
    delivery.changed();
  }

  #connect(): Channel {
    const isAsking = (): boolean => this.asking;
    return {
      get asking() {
        return isAsking();
      },
      post: (method, params, waiting) => {
        if (this.refusal) return this.refusal;
        const posted = { id: this.posted.length + 1, method, params, waiting, open: true };
        this.posted.push(posted);
        if (Number.isFinite(waiting.dueMs))
          this.clock.after(waiting.dueMs - this.clock.now(), () => {
            if (posted.open) this.reply(posted, { type: "timeout", lagged: false });
          });
        this.onPost(posted);
        return posted.id;
      },
      giveUp: (id, reply) => {
        const posted = this.posted[id - 1];
        if (posted?.open) this.reply(posted, reply);
      },
    };
  }
}

/** An event of a test, with its end. */
export class TestEvent extends EventRequest {
  result: DeliveryResult | undefined;
  isPlaced = false;
  onEnd: (result: DeliveryResult) => void = () => {};
  readonly #size: number | undefined;

  /** `size`: the length of the text that the event says it has, so that no test has to make 64 MiB of text. */
  constructor(
    input: string,
    more: Partial<RequestOptions> & { subscription?: string; size?: number; session?: string | null } = {},
  ) {
    const { subscription = "before_tool_call#1", size, session = null, ...options } = more;
    const fields = { tool_name: "bash", tool_input: input, session_id: session };
    const event = OutgoingEvent.from({ kind: "before_tool_call", ...fields }, 0);
    const waits = options.lane === "observe" || options.lane === "stream";
    const untilMs = waits ? Number.POSITIVE_INFINITY : 10_000;
    const usual = {
      lane: "gate",
      deadlineMs: 1_000,
      untilMs,
      repeatable: true,
      overflow: "drop_newest",
    } as const;
    super({ method: HANDLE, ...usual, ...options }, event, subscription, undefined);
    this.#size = size;
  }

  override get size(): number {
    return this.#size ?? super.size;
  }

  override placed(): void {
    this.isPlaced = true;
  }

  finished(result: DeliveryResult): void {
    if (this.result) throw new Error("a request ended twice");
    this.result = result;
    this.onEnd(result);
  }

  /** The end in one word: `voted`, a reason, or `open`. */
  get end(): string {
    if (!this.result) return "open";
    return this.result.answered ? "voted" : this.result.reason;
  }
}

export interface Kit {
  clock: FakeClock;
  script: ScriptedProcess;
  delivery: Delivery;
  /** Hands events of these inputs over. */
  hand(inputs: string, more?: ConstructorParameters<typeof TestEvent>[1]): TestEvent[];
}

/** A delivery with a scripted process. `protocol` and `wanted` set the limits as a manifest does. */
export function deliveryKit({
  protocol = 3,
  wanted,
  limits = {},
  concurrency = concurrencyOf(protocol, wanted),
  clock = new FakeClock(),
  activity = new Activity(),
}: {
  protocol?: number;
  wanted?: number | undefined;
  limits?: Partial<HostLimits>;
  concurrency?: Concurrency;
  clock?: FakeClock;
  activity?: Activity;
} = {}): Kit {
  const script = new ScriptedProcess(clock);
  const delivery = new Delivery(script, {
    clock,
    activity,
    concurrency,
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
  const hand: Kit["hand"] = (inputs, more) =>
    inputs.split(" ").map((input) => {
      const event = new TestEvent(input, more);
      delivery.hand(event);
      return event;
    });
  return { clock, script, delivery, hand };
}

export const ends = (events: readonly TestEvent[]): string[] => events.map(({ end }) => end);
