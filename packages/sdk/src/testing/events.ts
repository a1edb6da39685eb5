import type { Catalog } from "../protocol/catalog.js";
import type { CatalogEvent, KindOf, SeenIn, SchemaIn, SpecOf } from "../protocol/catalog-types.js";
import type { HookEvent, SynapsEvent, SynapsPayloads } from "../protocol/events.js";
import { memberAt, pointerKeys } from "../protocol/pointer.js";
import { synapsCatalog, type SynapsKind } from "../protocol/synaps-catalog.js";

/** What a builder takes: the fields that the kind always fills, and any other of the envelope. */
export type EventFields<K extends SynapsKind> = SynapsPayloads[K] &
  Partial<Omit<HookEvent, "kind" | keyof SynapsPayloads[K]>>;

/** The type of `events`: a builder for each kind of the `synaps` catalog. */
export type EventBuilders = {
  readonly [K in SynapsKind]: (fields: EventFields<K>) => SynapsEvent<K>;
};

/**
 * A builder for each kind of the `synaps` catalog: `events.before_tool_call({tool_name: "bash"})`. Fills the rest
 * of the envelope with null, as a host does, in the order of the wire. Adds no `meta` unless you give one, and
 * checks nothing at run time.
 */
export const events: EventBuilders = Object.freeze(
  Object.fromEntries(
    Object.keys(synapsCatalog.kinds).map((kind) => [
      kind,
      (fields: Partial<HookEvent>) => envelope(kind, fields),
    ]),
  ),
) as unknown as EventBuilders;

/** An event of any catalog in the whole envelope. */
export function envelope(kind: string, fields: Partial<Omit<HookEvent, "kind">> = {}): HookEvent {
  return {
    kind,
    tool_name: null,
    tool_runtime_name: null,
    tool_input: null,
    tool_output: null,
    message: null,
    session_id: null,
    transcript: null,
    data: null,
    ...fields,
  };
}

/**
 * The parts of an event that a host sends to a hook with these `fields`, and `meta` if the event has it. Throws a TypeError
 * for a text that is no JSON pointer; `checkAgainstManifest` says which pointers name nothing.
 */
export function partsOf<E extends { kind: string }>(
  event: E,
  fields: readonly string[],
): Partial<Omit<E, "kind">> & Pick<E, "kind"> {
  const parts: Record<string, unknown> = { kind: event.kind };
  for (const pointer of fields) {
    const keys = pointerKeys(pointer);
    if (keys === undefined || keys.length === 0)
      throw new TypeError(`partsOf: '${pointer.slice(0, 64)}' is no JSON pointer to a part of an event.`);
    const value = memberAt(event, keys);
    if (value !== undefined) put(parts, keys, value);
  }
  if ("meta" in event) parts["meta"] = event.meta;
  return parts as Partial<Omit<E, "kind">> & Pick<E, "kind">;
}

function put(parts: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let at = parts;
  for (const [n, key] of keys.entries()) {
    const known = Object.hasOwn(at, key) ? at[key] : undefined;
    const next =
      n === keys.length - 1 ? value : typeof known === "object" && known !== null ? { ...known } : {};
    Object.defineProperty(at, key, { value: next, enumerable: true, writable: true, configurable: true });
    at = next as Record<string, unknown>;
  }
}

type SeenFields<C extends Catalog, K extends string> = [SchemaIn<SpecOf<[C], K>>] extends [never]
  ? unknown
  : SeenIn<SpecOf<[C], K>>;

/** The members that a builder for a kind takes: those of its payload, and any other of the envelope. */
export type CatalogEventFields<C extends Catalog, K extends string> = SeenFields<C, K> &
  Partial<Omit<HookEvent, "kind" | keyof SeenFields<C, K>>>;

/** A builder for each kind of a catalog. */
export type CatalogEventBuilders<C extends Catalog> = {
  readonly [K in KindOf<[C]>]: (fields: CatalogEventFields<C, K>) => CatalogEvent<[C], K>;
};

/**
 * A builder for each kind of any catalog, as `events` has them for `synaps`:
 * `eventsOf(gatewayCatalog)["gateway.connection"]({ data: { peer_addr, peer_ip } })`. Fills the rest of the envelope with
 * null, as a host does. The compiler checks the members; nothing is checked at run time.
 */
export function eventsOf<const C extends Catalog>(catalog: C): CatalogEventBuilders<C> {
  const builders = Object.keys(catalog.kinds).map((kind) => [
    kind,
    (fields: Partial<HookEvent>) => envelope(kind, fields),
  ]);
  return Object.freeze(Object.fromEntries(builders)) as CatalogEventBuilders<C>;
}
