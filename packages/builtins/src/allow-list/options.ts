import { memberAt, pointerKeys } from "@synaps/sdk/protocol";
import { AddressSet } from "@synaps/sdk/values";
import { checkOptions, CLOCK, ID, KINDS, must, REFUSE, wrong, type Check } from "../checks.js";
import type { BuiltInClock, Refusing, SeenEvent } from "../hook-types.js";
import { peerOf } from "../peer.js";
import { RAISE_CHECKS } from "../security/raiser.js";
import type { RaiseOptions } from "../security/security-events.js";

/** Options of `allowList`. */
export type AllowListOptions<K extends string = string, R extends Refusing = "block"> = RaiseOptions & {
  /** Name of the hook, in votes. Default `allow_list`. */
  id?: string;
  /** Kinds of events that only these addresses may cause. */
  kinds: readonly K[];
  /** Addresses and ranges such as `192.168.1.0/24` and `fd00::/8`, 1 to 100,000. No names, ports and zones. */
  addresses: readonly string[];
  /**
   * Place of the address in the event, with or without a port: a JSON pointer, or `peer`, which is the first of `/data/peer_ip`,
   * `/data/peer_addr` and `/data/client_addr` that is there. Default `peer`.
   */
  at?: "peer" | `/${string}`;
  /** Action by which an event is refused. The kinds must allow it. Default `block`. */
  refuse?: R;
  /** For tests that decide what time it is. Default: the clock of the process. */
  clock?: BuiltInClock;
};

const MAX_ADDRESSES = 100_000;
/** Longest wrong text that an error repeats, in characters. */
const MAX_SHOWN = 64;

const CHECKS: Readonly<Record<string, Check>> = {
  id: ID,
  kinds: KINDS,
  addresses: must(
    `a list of 1 to ${MAX_ADDRESSES} texts; to refuse everybody, write a hook that does`,
    (value) => Array.isArray(value) && value.length > 0 && value.length <= MAX_ADDRESSES,
  ),
  at: must(
    "'peer' or a JSON pointer such as '/data/peer_ip'",
    (value) =>
      value === "peer" || (typeof value === "string" && value !== "" && pointerKeys(value) !== undefined),
  ),
  refuse: REFUSE,
  clock: CLOCK,
  ...RAISE_CHECKS,
};

/** The list, and the function that finds the address in an event. */
export interface AllowListSettings {
  readonly id: string;
  readonly set: AddressSet;
  /** The place in words. */
  readonly place: string;
  readonly addressOf: (event: SeenEvent) => unknown;
}

/** Reads the options. Throws a TypeError for anything that makes no sense, a wrong address with its place. */
export function settingsOf(options: AllowListOptions<string, Refusing>): AllowListSettings {
  checkOptions("allowList", options, CHECKS, ["kinds", "addresses"]);
  const { id = "allow_list", addresses, at = "peer" } = options;
  const texts = addresses.map((text: unknown, n) => {
    if (typeof text === "string") return text;
    throw wrong("allowList", `'addresses', at ${n}: it must be a text`);
  });
  const set = AddressSet.of(texts);
  if (!(set instanceof AddressSet)) {
    const shown = (texts[set.at] ?? "").slice(0, MAX_SHOWN);
    throw wrong("allowList", `'addresses', at ${set.at}, which is '${shown}': ${set.why}`);
  }
  if (at === "peer") return { id, set, place: "the address of the peer", addressOf: peerOf };
  const keys = pointerKeys(at) ?? [];
  return { id, set, place: `'${at}'`, addressOf: (event) => memberAt(event, keys) };
}
