import type { Verdict } from "@synaps/sdk/protocol";
import { addressIn } from "@synaps/sdk/values";
import {
  refusingEntries,
  processClock,
  type BuiltInMetadata,
  type RefusingEntryOf,
  type Refusing,
  type SeenEvent,
} from "../hook-types.js";
import { SecurityRaiser, type RaiseCounts } from "../security/raiser.js";
import { refuse } from "../security/refuse.js";
import { settingsOf, type AllowListOptions, type AllowListSettings } from "./options.js";

/** Counts of an allow-list since it was made. */
export interface AllowListCounts extends RaiseCounts {
  readonly allowed: number;
  readonly refused: number;
  /** Refused events that had no address at the place. */
  readonly withoutAddress: number;
}

/**
 * The hook of `allowList`, for `host.use`. Asked first. An event from any other address is refused, and so is one without an
 * address at its place.
 */
export class AllowList<K extends string = string, R extends Refusing = "block"> {
  readonly id: string;
  readonly metadata: BuiltInMetadata;
  /** Guards: they block also when they could not answer. */
  readonly events: readonly RefusingEntryOf<K, R>[];
  readonly #settings: AllowListSettings;
  readonly #refuse: R;
  readonly #raiser: SecurityRaiser;
  readonly #counts = { allowed: 0, refused: 0, withoutAddress: 0 };

  constructor(options: AllowListOptions<K, R>) {
    this.#settings = settingsOf(options as AllowListOptions<string, Refusing>);
    const { kinds, addresses, clock = processClock, refuse: by } = options;
    this.id = this.#settings.id;
    this.events = refusingEntries(kinds, true, (event) => this.answer(event));
    this.metadata = {
      version: "1.0.0",
      description: `Lets in only ${addresses.length} addresses and ranges`,
      tags: ["builtin", "security"],
      priority: "highest",
    };
    this.#refuse = by ?? ("block" as R);
    this.#raiser = new SecurityRaiser(this.id, options, clock);
  }

  /** Answers one event. */
  answer(event: SeenEvent): Extract<Verdict, { action: R }> | undefined {
    const { set, addressOf } = this.#settings;
    const address = addressOf(event);
    const isListed = typeof address === "string" ? set.has(address) : undefined;
    if (isListed === true) {
      this.#counts.allowed += 1;
      return undefined;
    }
    this.#counts.refused += 1;
    if (isListed === undefined) this.#counts.withoutAddress += 1;
    const reason = this.#reason(isListed === undefined ? undefined : (address as string));
    this.#raiser.refused(event, { type: "allow_list", reason, severity: "high" });
    return refuse(this.#refuse, reason);
  }

  /** Returns counts since the hook was made. */
  counts(): AllowListCounts {
    return { ...this.#counts, ...this.#raiser.counts };
  }

  /** A text that is no address is not repeated: nobody knows what stands in it. */
  #reason(address: string | undefined): string {
    const { id, place } = this.#settings;
    if (address === undefined)
      return `The allow-list '${id}' found no address: ${place} of the event holds none`;
    return `The allow-list '${id}' does not have ${addressIn(address)?.address ?? "the address"}`;
  }
}

/**
 * Makes a hook that lets in events of some addresses only. Throws a TypeError for options that make no sense, and for a wrong
 * address with its place in the list.
 */
export function allowList<const K extends string, R extends Refusing = "block">(
  options: AllowListOptions<K, R>,
): AllowList<K, NoInfer<R>> {
  return new AllowList(options);
}
