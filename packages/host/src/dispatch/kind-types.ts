import type {
  ActionIn,
  Catalog,
  EventWithout,
  JsonValue,
  KindOf as KindIn,
  RaisedIn,
  RequiredField,
  SchemaIn,
  SpecOf,
  synapsCatalog,
  SynapsKind,
  SynapsPayloads,
  Verdict,
} from "@synaps/sdk/protocol";
import type { EventInput, Extras } from "../delivery/event-input.js";
import type { Alias } from "./in-process.js";
import type { Decision, Outcome } from "./outcome.js";
import type { Filter } from "./subscription.js";

/** The catalogs of a host. Its methods are typed by them; for plain `Catalogs` every kind may be named. */
export type Catalogs = readonly Catalog[];

/** Names of all kinds of some catalogs. */
export type KindOf<C extends Catalogs> = KindIn<C>;

/** The catalogs of a host that is given none. */
export type SynapsCatalogs = readonly [typeof synapsCatalog];

type RequiredIn<Spec> = Spec extends { readonly requires: readonly (infer F)[] }
  ? Extract<F, RequiredField>
  : never;

interface Given {
  tool_name: string;
  tool_input: JsonValue;
  tool_output: string | null;
  message: string;
  session_id: string;
  transcript: JsonValue[];
  data: JsonValue;
}

/** Required fields that the ecosystem's own kinds describe more closely. */
type Described<K, F extends RequiredField> = K extends SynapsKind
  ? Pick<SynapsPayloads[K], Extract<Exclude<F, "tool_output">, keyof SynapsPayloads[K]>>
  : unknown;

/**
 * The members of an event of a kind but its name: those that its payload describes and the kind requires, and all others if
 * wanted and if the payload is not closed.
 */
export type FieldsOf<C extends Catalogs, K extends string> = [SchemaIn<SpecOf<C, K>>] extends [never]
  ? Fields<K, RequiredIn<SpecOf<C, K>>>
  : PayloadFields<SpecOf<C, K>>;

type PayloadFields<Spec> = RaisedIn<Spec> &
  (SchemaIn<Spec> extends { readonly additionalProperties: false }
    ? Pick<EventInput, keyof Extras>
    : Omit<EventInput, "kind" | keyof RaisedIn<Spec>>);

type Fields<K, F extends RequiredField> = Omit<EventInput, "kind" | F> &
  Omit<Pick<Given, F>, keyof Described<K, F>> &
  Described<K, F>;

/** An event of a kind as a program raises it. */
export type EventOf<C extends Catalogs, K extends string> = { readonly kind: K } & FieldsOf<C, K>;

type AttributesIn<Spec> = Spec extends { readonly attributes: infer A } ? A : Record<never, never>;
type ValueIn<A> = A extends { readonly type: "number" }
  ? number
  : A extends { readonly type: "boolean" }
    ? boolean
    : string;
type WhereIn<A> = [keyof A] extends [never]
  ? never
  : { readonly [N in keyof A]?: ValueIn<A[N]> | readonly ValueIn<A[N]>[] };

/** The conditions of a subscription to a kind: on attributes that the kind declares, and on no other. */
export type FilterOf<C extends Catalogs, K extends string> =
  string extends KindOf<C>
    ? Filter
    : Omit<Filter, "where"> & {
        /** Conditions on attributes, each with a value or several of which one must hold. */
        readonly where?: WhereIn<AttributesIn<SpecOf<C, K>>>;
      };

/** An event of a kind as a handler of the program sees it. */
export type SeenEvent<C extends Catalogs, K extends string> = EventWithout<"meta", C, K>;

/** The outcome of an event of a kind: only what the kind's actions can come to. */
export type OutcomeOf<C extends Catalogs, K extends string> = Outcome<DecisionIn<ActionIn<SpecOf<C, K>>>, K>;

type DecisionIn<A> = [A] extends [never] ? Decision : Extract<Decision, { action: A }>;

type AliasOf<A> =
  | ("block" extends A ? Extract<Alias, { action: "reject" | "abort" | "cancel" }> : never)
  | ("modify" extends A ? Extract<Alias, { action: "modified" | "modify_context" }> : never);

/** Answer of a handler of the program: one that the kind allows, or nothing, which is "continue". */
export type AnswerOf<C extends Catalogs, K extends string> =
  Extract<Verdict, { action: ActionIn<SpecOf<C, K>> }> | AliasOf<ActionIn<SpecOf<C, K>>> | undefined | void;

/** Kinds that can stand before an operation: a kind that only replaces an output comes after it. */
export type BeforeKindOf<C extends Catalogs> =
  string extends KindOf<C>
    ? string
    : {
        [K in KindOf<C>]: SpecOf<C, K> extends { readonly replaces: string }
          ? [Extract<ActionIn<SpecOf<C, K>>, Late>] extends [never]
            ? never
            : K
          : K;
      }[KindOf<C>];

type Late = "block" | "confirm" | "modify" | "skip" | "redirect" | "fork";

/**
 * Kinds that can stand after an operation: they cannot stop it, and an event of the kind before it has what they need, with
 * the output in its place. The members of both payloads are compared.
 */
export type AfterKindOf<C extends Catalogs, B extends string> =
  string extends KindOf<C>
    ? string
    : {
        [K in KindOf<C>]: [Extract<ActionIn<SpecOf<C, K>>, Late>] extends [never] ? Follows<C, B, K> : never;
      }[KindOf<C>];

type Follows<C extends Catalogs, B extends string, K extends string> =
  FieldsOf<C, B> extends Omit<FieldsOf<C, K>, OutputIn<SpecOf<C, K>>>
    ? RequiredKeys<FieldsOf<C, B>> extends keyof FieldsOf<C, K>
      ? K
      : never
    : never;

type OutputIn<Spec> = Spec extends { readonly replaces: infer F } ? F : "tool_output";

type RequiredKeys<T> = { [N in keyof T]-?: Record<never, never> extends Pick<T, N> ? never : N }[keyof T];

/** The input that an operation gets: the field that the kind lets extensions rewrite. */
export type InputOf<C extends Catalogs, K extends string> =
  SpecOf<C, K> extends {
    readonly modifies: "message" | "tool_output";
  }
    ? string | null
    : JsonValue;
