import type { Catalog, HookKindSpec } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";
import { Route } from "./route.js";
import type { Subscription } from "./subscription.js";

const NONE: readonly Subscription[] = Object.freeze([]);

interface Entry {
  subscription: Subscription;
  /** Folder name of the extension; what the program subscribes itself comes before all folders. */
  load: string | undefined;
  place: number;
}

/** All subscriptions in the order in which they are asked, as one frozen array per kind. */
export class SubscriptionRegistry {
  readonly #kinds = new Map<string, HookKindSpec>();
  readonly #chains = new Map<string, Catalog["chain"]>();
  #entries: Entry[] = [];
  #routes = new Map<string, Route>();
  #places = 0;

  constructor(catalogs: readonly Catalog[]) {
    for (const catalog of catalogs) {
      for (const [kind, spec] of Object.entries(catalog.kinds)) {
        if (this.#kinds.has(kind)) {
          throw new HostError("CATALOG_CONFLICT", `Two catalogs declare the hook kind '${kind}'`, {
            hint: "Kind names are unique across the catalogs of a host: rename one.",
          });
        }
        this.#kinds.set(kind, spec);
        this.#chains.set(kind, catalog.chain);
      }
    }
  }

  /** The kind's declaration. Throws a HostError for a kind that no catalog has. */
  kind(kind: string): HookKindSpec {
    const spec = this.#kinds.get(kind);
    if (spec) return spec;
    throw new HostError("EVENT_UNKNOWN_KIND", `No catalog has the hook kind '${kind}'`, {
      hint: `Known: ${[...this.#kinds.keys()].join(", ")}.`,
    });
  }

  knows(kind: string): boolean {
    return this.#kinds.has(kind);
  }

  /** The way of a kind's events; undefined when nobody is subscribed. The same until something changes. */
  route(kind: string): Route | undefined {
    return this.#routes.get(kind);
  }

  /** In the order of asking. The same array until something changes. */
  of(kind: string): readonly Subscription[] {
    return this.#routes.get(kind)?.subscriptions ?? NONE;
  }

  add(subscriptions: readonly Subscription[], load: string | undefined): void {
    for (const subscription of subscriptions) {
      this.#entries.push({ subscription, load, place: this.#places++ });
    }
    this.#rebuild();
  }

  /** Removes what `select` picks and adds the others in its stead, with no moment between the two. */
  replace(
    select: (subscription: Subscription) => boolean,
    subscriptions: readonly Subscription[],
    load: string | undefined,
  ): void {
    this.#entries = this.#entries.filter(({ subscription }) => !select(subscription));
    this.add(subscriptions, load);
  }

  /** Removes what `select` picks and returns how many those were. */
  remove(select: (subscription: Subscription) => boolean): number {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter(({ subscription }) => !select(subscription));
    this.#rebuild();
    return before - this.#entries.length;
  }

  /** What one extension is subscribed to, sorted by kind, then by tool filter, those without one first. */
  describe(id: string): { kind: string; subscription: string; tools: readonly string[] | undefined }[] {
    return this.all()
      .filter(({ extension }) => extension === id)
      .map(({ kind, id: subscription, filter }) => ({ kind, subscription, tools: filter.tools }))
      .sort((a, b) => compare(a.kind, b.kind) || compare(a.tools?.join() ?? "", b.tools?.join() ?? ""));
  }

  all(): Subscription[] {
    return [...this.#routes.values()].flatMap(({ subscriptions }) => subscriptions);
  }

  #rebuild(): void {
    const byKind = new Map<string, Subscription[]>();
    for (const { subscription } of [...this.#entries].sort(inOrder)) {
      const list = byKind.get(subscription.kind);
      if (list) list.push(subscription);
      else byKind.set(subscription.kind, [subscription]);
    }
    this.#routes = new Map(
      [...byKind].map(([kind, list]) => {
        const chain = this.#chains.get(kind) ?? "first_decision";
        return [kind, new Route(kind, this.kind(kind), chain, list)];
      }),
    );
  }
}

/** Priority, then load order (byte-wise by folder name), then manifest order. */
function inOrder(a: Entry, b: Entry): number {
  const byPriority = a.subscription.priority - b.subscription.priority;
  if (byPriority !== 0) return byPriority;
  if (a.load !== b.load) return compareBytes(a.load, b.load);
  return a.place - b.place;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareBytes(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
