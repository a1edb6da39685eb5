import { synapsCatalog, type Catalog, type HookKindSpec } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";
import { isHosts } from "./host-kind.js";
import { Route } from "./route.js";
import type { Filter, Subscription, SubscriptionInfo } from "./subscription.js";
import { AS_DECLARED, tuned, type Tuning } from "./tuning.js";

const NONE: readonly Subscription[] = Object.freeze([]);

interface Place {
  /** Folder name of the extension; the program's own subscriptions come before all folders. */
  readonly load: string | undefined;
  readonly place: number;
}

/** One kind, its subscriptions, and the route made of them when an event needs one. */
interface Kind {
  readonly spec: HookKindSpec;
  readonly chain: Catalog["chain"];
  readonly places: Map<Subscription, Place>;
  /** Subscriptions that are not asked for the time being. */
  readonly hidden: Map<Subscription, Place>;
  route: Route | undefined;
}

/** All subscriptions in the order in which they are asked. A change costs nothing until the next event of its kind. */
export class SubscriptionRegistry {
  readonly #kinds = new Map<string, Kind>();
  /** Subscriptions by extension: `unsubscribeAll` and names must not look at all of them. */
  readonly #owned = new Map<string, Set<Subscription>>();
  readonly #onRemoved: (subscription: Subscription) => void;
  #places = 0;
  /** The kind that tells of decisions, if a catalog of the host has it. */
  #decisions: Kind | undefined;
  #tuning = AS_DECLARED;
  /** Told of subscriptions that come. */
  onAdded: (subscriptions: readonly Subscription[]) => void = () => {};

  /** `onRemoved` is told of each subscription that is gone for good. Throws a HostError for unusable catalogs. */
  constructor(catalogs: readonly Catalog[], onRemoved: (subscription: Subscription) => void = () => {}) {
    this.#onRemoved = onRemoved;
    refuseTwoMeanings(catalogs);
    for (const { chain, kinds } of catalogs) {
      for (const [kind, spec] of Object.entries(kinds)) {
        if (this.#kinds.has(kind)) {
          throw new HostError("CATALOG_CONFLICT", `Two catalogs declare the hook kind '${kind}'`, {
            hint: "Kind names are unique across the catalogs of a host: rename one.",
          });
        }
        this.#declare(kind, spec, chain);
      }
    }
    // Every host calls tools of extensions, between these two.
    for (const kind of ["before_tool_call", "after_tool_call"] as const)
      if (!this.#kinds.has(kind)) this.#declare(kind, synapsCatalog.kinds[kind], synapsCatalog.chain);
  }

  #declare(kind: string, spec: HookKindSpec, chain: Kind["chain"]): void {
    const made: Kind = {
      spec,
      chain: spec.chain ?? chain,
      places: new Map(),
      hidden: new Map(),
      route: undefined,
    };
    this.#kinds.set(kind, made);
    if (isHosts(spec)) this.#decisions = made;
  }

  /** True if somebody is told of decisions. The way of every event looks at it: it costs two members. */
  get tellsDecisions(): boolean {
    return this.#decisions !== undefined && this.#decisions.places.size > 0;
  }

  /** True if somebody is told of decisions on a kind: observers and lifecycle kinds decide nothing. Takes any value. */
  tellsOf(kind: unknown): boolean {
    return this.tellsDecisions && this.#kinds.get(kind as string)?.spec.delivery === "gate";
  }

  /** The kind's declaration. Throws a HostError for a kind that no catalog has. */
  kind(kind: string): HookKindSpec {
    return (this.#kinds.get(kind) ?? this.#refuse(kind)).spec;
  }

  /** The route of a kind's events, without subscribers too. Throws a HostError for a kind that no catalog has. */
  route(name: string): Route {
    const kind = this.#kinds.get(name) ?? this.#refuse(name);
    return kind.route ?? this.#makeRoute(name, kind);
  }

  /** In the order of asking. The same array until something changes. */
  of(kind: string): readonly Subscription[] {
    return this.#kinds.has(kind) ? this.route(kind).subscriptions : NONE;
  }

  /** Number of subscriptions, of one kind or of all. */
  count(kind?: string): number {
    if (kind !== undefined) return this.#kinds.get(kind)?.places.size ?? 0;
    return [...this.#kinds.values()].reduce((sum, { places }) => sum + places.size, 0);
  }

  /** All subscriptions, those that are not asked included. */
  all(): Subscription[] {
    return [...this.#owned.values()].flatMap((own) => [...own]);
  }

  /** Subscriptions that the tuning switches off. */
  switchedOff(): Subscription[] {
    return this.all().filter((one) => tuned(one, this.#tuning) === undefined);
  }

  /** True unless the subscription is hidden, or switched off by the tuning. */
  isAsked(subscription: Subscription): boolean {
    const isHidden = this.#kinds.get(subscription.kind)?.hidden.has(subscription) ?? false;
    return !isHidden && tuned(subscription, this.#tuning) !== undefined;
  }

  /** Subscriptions of one extension, or of one `id` of the program. */
  ownedBy(extension: string): ReadonlySet<Subscription> {
    return this.#owned.get(extension) ?? new Set();
  }

  add(subscriptions: readonly Subscription[], load: string | undefined): void {
    for (const subscription of subscriptions) {
      const kind = this.#kinds.get(subscription.kind) ?? this.#refuse(subscription.kind);
      kind.places.set(subscription, { load, place: this.#places++ });
      kind.route = undefined;
      const owned = this.#owned.get(subscription.extension);
      if (owned) owned.add(subscription);
      else this.#owned.set(subscription.extension, new Set([subscription]));
    }
    this.onAdded(subscriptions);
  }

  /** Removes some subscriptions and adds others in their stead, with no moment between the two. */
  replace(gone: readonly Subscription[], added: readonly Subscription[], load: string | undefined): void {
    for (const subscription of gone) this.#take(subscription);
    this.add(added, load);
    for (const old of gone)
      if (!added.some(({ id, kind }) => id === old.id && kind === old.kind)) this.#onRemoved(old);
  }

  /** Removes subscriptions for good. Returns how many of them were there. */
  remove(gone: readonly Subscription[]): number {
    const removed = gone.filter((subscription) => this.#take(subscription));
    for (const subscription of removed) this.#onRemoved(subscription);
    return removed.length;
  }

  /** Keeps a subscription from being asked, or lets it be asked again. It keeps its place in the order and its counts. */
  show(subscription: Subscription, shown: boolean): void {
    const kind = this.#kinds.get(subscription.kind) ?? this.#refuse(subscription.kind);
    const [from, to] = shown ? [kind.hidden, kind.places] : [kind.places, kind.hidden];
    const place = from.get(subscription);
    if (!place) return;
    from.delete(subscription);
    to.set(subscription, place);
    kind.route = undefined;
  }

  /** Sets who is asked, in which order and for how long: for all events that are raised from now on, and for no other. */
  tune(tuning: Tuning): void {
    this.#tuning = tuning;
    for (const kind of this.#kinds.values()) kind.route = undefined;
  }

  /** Subscriptions of one extension, sorted by kind, then by tool filter, those without one first. */
  describe(id: string): SubscriptionInfo[] {
    return [...this.ownedBy(id)]
      .map((one) => ({
        kind: one.kind,
        subscription: one.id,
        tools: toolsOf(one.filter),
        where: one.filter.where,
        fields: one.projection?.pointers,
        asked: this.isAsked(one),
      }))
      .sort((a, b) => compare(a.kind, b.kind) || compare(a.tools?.join() ?? "", b.tools?.join() ?? ""));
  }

  #refuse(name: string): never {
    throw new HostError("EVENT_UNKNOWN_KIND", `No catalog has the hook kind '${name.slice(0, 64)}'`, {
      hint: `Known: ${[...this.#kinds.keys()].join(", ")}.`,
    });
  }

  #take(subscription: Subscription): boolean {
    const kind = this.#kinds.get(subscription.kind);
    if (!kind?.places.delete(subscription) && !kind?.hidden.delete(subscription)) return false;
    kind.route = undefined;
    const owned = this.#owned.get(subscription.extension);
    owned?.delete(subscription);
    if (owned?.size === 0) this.#owned.delete(subscription.extension);
    return true;
  }

  #makeRoute(name: string, kind: Kind): Route {
    const asked = [...kind.places].flatMap(([subscription, place]): [Subscription, Place][] => {
      const one = tuned(subscription, this.#tuning, kind.spec.delivery === "stream");
      return one ? [[one, place]] : [];
    });
    const inPlace = asked.sort(inOrder).map(([subscription]) => subscription);
    kind.route = new Route(name, kind.spec, kind.chain, inPlace);
    return kind.route;
  }
}

/** A person who grants a permission must be told the same by every catalog that declares it. */
function refuseTwoMeanings(catalogs: readonly Catalog[]): void {
  const sentences = new Map<string, string>();
  for (const [permission, words] of catalogs.flatMap(({ permissions = {} }) => Object.entries(permissions))) {
    if ((sentences.get(permission) ?? words) !== words)
      throw new HostError(
        "CATALOG_CONFLICT",
        `Two catalogs describe the permission '${permission}' differently`,
        {
          hint: "Rename one of the permissions, or give both the same sentence.",
        },
      );
    sentences.set(permission, words);
  }
}

/** Priority, then load order (byte-wise by folder name), then manifest order. */
function inOrder([a, placeA]: [Subscription, Place], [b, placeB]: [Subscription, Place]): number {
  if (a.priority !== b.priority) return a.priority - b.priority;
  if (placeA.load !== placeB.load) return compareBytes(placeA.load, placeB.load);
  return placeA.place - placeB.place;
}

function toolsOf({ tool, tools }: Filter): readonly string[] | undefined {
  return tool === undefined ? tools : [tool, ...(tools ?? [])];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareBytes(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
