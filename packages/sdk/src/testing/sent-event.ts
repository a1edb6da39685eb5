import type { NoCatalogs } from "../define-extension.js";
import type { Catalogs, CatalogEvent, CatalogVerdict, KindOf } from "../protocol/catalog-types.js";
import type { HookEvent, SynapsEvent } from "../protocol/events.js";
import type { SynapsVerdict, Verdict } from "../protocol/results.js";
import type { SynapsKind } from "../protocol/synaps-catalog.js";

/** Any event in the envelope, or parts of it; the builders of `events` make them, and `partsOf` takes the parts. */
export type AnyEvent =
  (Partial<HookEvent> & { kind: string }) | { [K in SynapsKind]: SynapsEvent<K> }[SynapsKind];

/** True type for catalogs whose kinds the compiler knows. */
type Knows<O extends Catalogs> = O extends NoCatalogs ? false : string extends KindOf<O> ? false : true;

/** Kinds that a harness sends: those of `synaps` and of its catalogs, or any where it has none. */
export type SentKind<O extends Catalogs> = Knows<O> extends true ? string & (SynapsKind | KindOf<O>) : string;

/** An event of a kind as a harness sends it: whole, or the parts that a hook with `fields` gets. */
export type SentEvent<O extends Catalogs, K extends string> = { readonly kind: K } & PartsOf<O, NoInfer<K>>;

type PartsOf<O extends Catalogs, K extends string> = K extends SynapsKind
  ? Parts<SynapsEvent<K>>
  : Knows<O> extends true
    ? Parts<CatalogEvent<O, K>>
    : Parts<HookEvent>;

type Parts<E> = { readonly [M in Exclude<keyof E, "kind">]?: E[M] };

/** The answers that the kind of an event allows. */
export type AnswerTo<O extends Catalogs, K extends string> = K extends SynapsKind
  ? SynapsVerdict<K>
  : Knows<O> extends true
    ? CatalogVerdict<O, K>
    : Verdict;
