import { Alerts, exceeded, type Alert, type Spent } from "./budgets.js";
import { Ledger } from "./ledger.js";
import { exactly } from "./money.js";
import { costOf } from "./prices.js";
import type { Books } from "./report.js";
import type { Settings } from "./settings.js";
import type { Store } from "./store.js";
import { usageOf, type UsageEvent } from "./usage.js";

export interface TrackerOptions {
  settings: Settings;
  store: Store;
  /** Milliseconds since 1970. */
  nowMs(): number;
  log(line: string): void;
}

/** What one call cost, and what that makes together. Amounts are decimal texts. */
export interface Counted {
  model: string;
  /** null: the model has no price. */
  cost: string | null;
  /** null: the event names no session. */
  session_cost: string | null;
  total_cost: string;
}

/** Models and events that have a line of their own in the log. */
const MAX_LINES = 100;

/** Counts costs and compares them with budgets. Sends nothing and asks nobody. */
export class Tracker {
  settings: Settings;
  readonly #store: Store;
  readonly #nowMs: () => number;
  readonly #log: (line: string) => void;
  readonly #alerts = new Alerts();
  readonly #unpriced = new Set<string>();
  #unreadable = 0;

  constructor({ settings, store, nowMs, log }: TrackerOptions) {
    this.settings = settings;
    this.#store = store;
    this.#nowMs = nowMs;
    this.#log = log;
  }

  /** Counts what an event reports. Undefined for one that reports nothing, or that does not count. */
  count(event: UsageEvent): { counted: Counted; alerts: Alert[] } | undefined {
    const usage = this.#read(event);
    if (usage === undefined || !this.settings.sources.has(usage.source)) return undefined;
    const price = this.settings.prices.priceOf(usage.model, usage.provider);
    if (price === undefined) this.#tellUnpriced(usage.model, usage.provider);
    const cost = price && costOf(price, usage.tokens);
    this.#store.own.add(usage, cost, this.#day());
    this.#store.changed();
    const spent = this.#spent(usage.sessionId);
    const counted = {
      model: usage.model,
      cost: cost === undefined ? null : exactly(cost),
      session_cost: usage.sessionId === null ? null : exactly(spent.session),
      total_cost: exactly(spent.total),
    };
    return { counted, alerts: this.#alerts.next(spent, this.settings, usage.sessionId, this.#day()) };
  }

  /** The budget that keeps something from beginning; undefined when it may begin. */
  stops(sessionId: string | null): Alert | undefined {
    if (!this.settings.blocks) return undefined;
    this.#store.look();
    return exceeded(this.#spent(sessionId), this.settings, sessionId);
  }

  /** Budgets for all sessions that are used up so far: once after the start, and after a change of the settings. */
  alerts(): Alert[] {
    return this.#alerts.next(this.#spent(null), this.settings, null, this.#day());
  }

  books(): Books {
    const ledger = new Ledger();
    ledger.merge(this.#store.own);
    ledger.merge(this.#store.others);
    const { settings } = this;
    const [unreadable, failing] = [this.#unreadable, this.#store.failing];
    return { ledger, spent: this.#spent(null), settings, day: this.#day(), unreadable, failing };
  }

  #spent(sessionId: string | null): Spent {
    const { own, others } = this.#store;
    const of = (view: "session" | "day", name: string): bigint =>
      (own.by[view].get(name)?.cost ?? 0n) + (others.by[view].get(name)?.cost ?? 0n);
    return {
      session: sessionId === null ? 0n : of("session", sessionId),
      day: of("day", this.#day()),
      total: own.total.cost + others.total.cost,
    };
  }

  #read(event: UsageEvent): ReturnType<typeof usageOf> {
    try {
      return usageOf(event);
    } catch (error) {
      this.#unreadable += 1;
      if (this.#unreadable <= MAX_LINES)
        this.#log(`An event '${event.kind}' is not counted: ${(error as Error).message}.`);
      return undefined;
    }
  }

  #tellUnpriced(model: string, provider: string | null): void {
    const name = provider === null ? model : `${provider}/${model}`;
    if (this.#unpriced.has(name) || this.#unpriced.size > MAX_LINES) return;
    this.#unpriced.add(name);
    this.#log(
      this.#unpriced.size > MAX_LINES
        ? "Further models have no price; the report names them."
        : `The model '${name}' has no price: its tokens are counted, its cost is not. Add it to 'prices'.`,
    );
  }

  /** Days are those of UTC. */
  #day(): string {
    return new Date(this.#nowMs()).toISOString().slice(0, 10);
  }
}
