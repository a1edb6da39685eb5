import type { Catalog } from "./catalog.js";
import type { HookEvent, SynapsEvent } from "./events.js";
import type { PayloadOf, PayloadSchema, SeenPayloadOf } from "./payload.js";
import type { Verdict } from "./results.js";
import type { SynapsKind } from "./synaps-catalog.js";

/** Some catalogs, whose kinds the compiler knows if they came from `defineCatalog`. */
export type Catalogs = readonly Catalog[];

type KindsOf<One> = One extends { readonly kinds: infer Kinds } ? Kinds : never;
type KeysOf<Kinds> = Kinds extends unknown ? keyof Kinds : never;
type SpecIn<Kinds, K extends string> = Kinds extends Readonly<Record<K, infer Spec>> ? Spec : never;

/** Names of all kinds of some catalogs. */
export type KindOf<C extends Catalogs> = KeysOf<KindsOf<C[number]>> & string;

/** The declaration of a kind. */
export type SpecOf<C extends Catalogs, K extends string> = SpecIn<KindsOf<C[number]>, K>;

/** Names of the actions that a declaration allows. */
export type ActionIn<Spec> = Spec extends { readonly actions: readonly (infer A)[] } ? A : never;

/** The schema of a declaration's payload; never where there is none that the compiler knows. */
export type SchemaIn<Spec> = Spec extends { readonly payload: infer P }
  ? PayloadSchema extends P
    ? never
    : P
  : never;

/** Members that a declaration's payload describes, as a program raises them. */
export type RaisedIn<Spec> = PayloadOf<SchemaIn<Spec>>;

/** The same members as they travel: one that may be left out is null then. */
export type SeenIn<Spec> = Whole<SeenPayloadOf<SchemaIn<Spec>>>;

type Whole<P> = {
  [K in keyof P]-?: undefined extends P[K] ? Exclude<P[K], undefined> | null : P[K];
};

/** An event of a kind as a handler receives it. A hook that declares `fields` gets only those. */
export type CatalogEvent<C extends Catalogs, K extends string> = EventWithout<never, C, K>;

/** The same without some members of the envelope. */
export type EventWithout<M extends string, C extends Catalogs, K extends string> = K extends SynapsKind
  ? Omit<SynapsEvent<K>, M>
  : [SchemaIn<SpecOf<C, K>>] extends [never]
    ? Omit<HookEvent, "kind" | M> & { kind: K }
    : Omit<HookEvent, "kind" | M | keyof SeenIn<SpecOf<C, K>>> & SeenIn<SpecOf<C, K>> & { kind: K };

/** The answers that a handler of a kind may give. */
export type CatalogVerdict<C extends Catalogs, K extends string> = Extract<
  Verdict,
  { action: ActionIn<SpecOf<C, K>> }
>;
