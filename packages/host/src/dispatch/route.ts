import type { ChainPolicy, HookKindSpec } from "@synaps/sdk/protocol";
import type { Envelope } from "../delivery/event-input.js";
import { isHosts } from "./host-kind.js";
import { looksAtInput, namedBy } from "./filter.js";
import { CONTINUE } from "./merge.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { payloadOf, type Payload } from "./payload.js";
import type { Subscription } from "./subscription.js";

/** Pairs of names with remembered subscriptions: more than any program has. Made-up names cost no more memory. */
const MAX_REMEMBERED = 1_024;

/** Texts that are looked for together, in characters. Larger ones are looked for one by one. */
const MAX_TEXTS_LENGTH = 4_096;

/** Subscriptions that an event concerns as far as its tool's name goes. */
export interface Concerned {
  readonly subscriptions: readonly Subscription[];
  /** True if every subscription has conditions on the input, so that all may fail to match. */
  readonly allLookAtInput: boolean;
  /** True if there are conditions on more than the event's names. */
  readonly someConditional: boolean;
  /** Finds any of the texts that they want in the input; undefined when not each of them wants one. */
  readonly anyText: RegExp | undefined;
}

/** One kind's declaration and its subscriptions, in the order in which they are asked. Made anew when they change. */
export class Route {
  readonly spec: HookKindSpec;
  /** Policy of an `emit` without options. */
  readonly chain: ChainPolicy;
  readonly subscriptions: readonly Subscription[];
  /** The declared payload; undefined if the kind declares none. */
  readonly payload: Payload | undefined;
  /** True if its events need no snapshot of values: there is no payload to check, and nobody gets parts or looks at attributes. */
  readonly plain: boolean;
  /** True if only the host raises the kind. */
  readonly isHosts: boolean;
  /** The outcome of an event that concerns nobody: always the same, so that it costs nothing. */
  readonly nobody: Promise<Outcome>;
  readonly #all: Concerned;
  readonly #filtersTools: boolean;
  /** By the tool's name, then by the runtime name: two maps, so that no name can stand for a pair of others. */
  #byTool = new Map<string | null, Map<string | null, Concerned>>();
  #remembered = 0;

  constructor(kind: string, spec: HookKindSpec, chain: ChainPolicy, subscriptions: readonly Subscription[]) {
    this.spec = spec;
    this.chain = chain;
    this.subscriptions = Object.freeze(subscriptions);
    this.nobody = Promise.resolve(Object.freeze(outcomeOf(kind, CONTINUE, Object.freeze([]), 0)));
    this.payload = payloadOf(spec);
    this.isHosts = isHosts(spec);
    this.plain =
      this.payload === undefined &&
      subscriptions.every(({ projection, where }) => projection === undefined && where === undefined);
    this.#all = concerned(this.subscriptions);
    this.#filtersTools = subscriptions.some(
      ({ filter }) => filter.tools !== undefined || filter.tool !== undefined,
    );
  }

  /** Returns the subscriptions whose tool filter lets the event pass. */
  named({ tool_name, tool_runtime_name }: Pick<Envelope, "tool_name" | "tool_runtime_name">): Concerned {
    if (!this.#filtersTools) return this.#all;
    const known = this.#byTool.get(tool_name)?.get(tool_runtime_name);
    if (known) return known;
    const named = concerned(
      this.subscriptions.filter(({ filter }) => namedBy(filter, tool_name, tool_runtime_name)),
    );
    if (this.#remembered >= MAX_REMEMBERED) {
      this.#byTool = new Map();
      this.#remembered = 0;
    }
    this.#remembered += 1;
    const byRuntime = this.#byTool.get(tool_name) ?? new Map<string | null, Concerned>();
    this.#byTool.set(tool_name, byRuntime.set(tool_runtime_name, named));
    return named;
  }
}

function concerned(subscriptions: readonly Subscription[]): Concerned {
  return {
    subscriptions,
    allLookAtInput: subscriptions.every(({ filter }) => looksAtInput(filter)),
    someConditional: subscriptions.some(({ conditional }) => conditional),
    anyText: anyOf(subscriptions.map(({ filter }) => filter.inputContains)),
  };
}

/** One look for many texts costs a third of a look for each. All are taken literally: none can take long. */
function anyOf(texts: readonly (string | undefined)[]): RegExp | undefined {
  const given = texts.filter((text) => text !== undefined);
  const length = given.reduce((sum, text) => sum + text.length, 0);
  if (given.length < Math.max(2, texts.length) || length > MAX_TEXTS_LENGTH) return undefined;
  return new RegExp(given.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"));
}
