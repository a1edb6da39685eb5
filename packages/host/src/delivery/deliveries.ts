import type { Extension } from "../supervision/extension.js";
import type { MemberListener } from "../supervision/members.js";
import type { Work } from "../supervision/work.js";
import type { Activity } from "../time/activity.js";
import { waitedBy } from "../time/waited.js";
import { Delivery } from "./delivery.js";
import type { BreakerChange } from "./history.js";
import { concurrencyOf } from "./slots.js";

/** Told when a subscription is not asked for a while, and when it is asked again. */
export type BreakerListener = (event: BreakerChange & { readonly extension: string }) => void;

/** The deliveries of one host, one for each extension. */
export class Deliveries {
  readonly #activity: Activity;
  readonly #onBreaker: BreakerListener;
  readonly #deliveries = new WeakMap<Extension, Delivery>();

  constructor(activity: Activity, onBreaker: BreakerListener = () => {}) {
    this.#activity = activity;
    this.#onBreaker = onBreaker;
  }

  /** Makes the delivery of a new extension. */
  attach(extension: Extension): Work {
    const { clock, limits } = extension.services;
    const { protocol, section } = extension.loaded;
    const concurrency = concurrencyOf(protocol, section.max_concurrency);
    const onBreaker = (change: BreakerChange): void =>
      this.#onBreaker({ extension: extension.id, ...change });
    const delivery = new Delivery(extension, {
      clock,
      limits,
      concurrency,
      activity: this.#activity,
      onBreaker,
      waitedMs: waitedBy(clock),
    });
    this.#deliveries.set(extension, delivery);
    return delivery;
  }

  /** Hands the requests of a replaced extension over to its successor. */
  readonly follow: MemberListener = (change) => {
    if (change.type === "replaced") this.of(change.previous).handOver(this.of(change.extension));
  };

  /** The extension as a target of events. */
  of(extension: Extension): Delivery {
    const delivery = this.#deliveries.get(extension);
    if (!delivery) throw new Error(`extension '${extension.id}' has no delivery`);
    return delivery;
  }
}
