import { rateLimit, type RateLimitOptions } from "@synaps/builtins";
import type { Catalog } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../../errors.js";
import type { HostConfig } from "../../loading/host-config/host-config.js";
import { standsBefore } from "../merge.js";

/** Raises an event of the host, for what a built-in refuses. */
type Raise = (event: { readonly kind: string; readonly data: object }) => unknown;

/** Services of the host that built-ins use. */
export interface BuiltInServices {
  readonly catalogs: readonly Catalog[];
  readonly clock: { now(): number };
  readonly raise: Raise;
}

/** The hooks that a configuration switches on, by id. Each is made of one part of it. */
export interface BuiltInPlan {
  readonly id: string;
  /** The part of the configuration: while it stays the same, so does the hook. */
  readonly part: unknown;
  make(): object;
}

/** The built-in hooks that a configuration asks for. */
export function builtInsOf(config: HostConfig, services: BuiltInServices): BuiltInPlan[] {
  return [...ratePlans(config, services)];
}

/** Throws a HostError `HOST_CONFIG_INVALID` for values that no hook can be made of. */
export function checkBuiltIns(config: HostConfig, services: BuiltInServices): void {
  for (const { id, make } of builtInsOf(config, services)) {
    try {
      make();
    } catch (error) {
      throw new HostError(
        "HOST_CONFIG_INVALID",
        `The host's configuration is wrong: the hook '${id}' cannot be made of it: ${messageOf(error)}`,
        { hint: "Correct the table of the hook, or switch it off.", cause: error },
      );
    }
  }
}

function* ratePlans(
  { rateLimit: bucket, hooks }: HostConfig,
  services: BuiltInServices,
): Iterable<BuiltInPlan> {
  const kinds = limitedKinds(services.catalogs);
  if (kinds.length === 0) return;
  const names = kinds.map(([kind]) => kind);
  const shared = { kinds: names, clock: services.clock, ...raising(services) };
  if (bucket.enabled) {
    const { capacity, refillPerSec, controlCost, per } = bucket;
    const cost = Object.fromEntries(kinds.map(([kind, isTool]) => [kind, isTool ? 1 : controlCost]));
    const options = { ...shared, capacity, refillPerSecond: refillPerSec, cost, per: per as "global" };
    yield { id: "rate_limit", part: bucket, make: () => rateLimit(options as RateLimitOptions) };
  }
  const perMinute = hooks.rateLimitPerMinute;
  if (perMinute !== null) {
    const id = "rate_limit_per_minute";
    const options = { ...shared, id, capacity: perMinute, refillPerMinute: perMinute };
    yield { id, part: perMinute, make: () => rateLimit(options as RateLimitOptions) };
  }
}

/** Last parts of the names of kinds that are no request of somebody: a limit must not keep them back. */
const NO_REQUEST = /^(?:after_|security_|startup$|shutdown$)/;

/** Gates before something runs, which a refusal keeps from running; true for those of tools. */
function limitedKinds(catalogs: readonly Catalog[]): [kind: string, isTool: boolean][] {
  return catalogs.flatMap(({ kinds }) =>
    Object.entries(kinds)
      .filter(([, spec]) => spec.delivery === "gate" && spec.actions.includes("block"))
      .filter(
        ([kind, spec]) =>
          !NO_REQUEST.test(kind.split(".").at(-1) ?? "") &&
          (spec.replaces === undefined || standsBefore(spec)),
      )
      .map(([kind, spec]): [string, boolean] => [kind, spec.toolFilter]),
  );
}

/** Security events go to the catalog that has a kind for them; to none where no catalog has one. */
function raising({ catalogs, raise }: BuiltInServices): object {
  const has = (kind: string): boolean => catalogs.some(({ kinds }) => Object.hasOwn(kinds, kind));
  if (has("gateway.security_event")) return { raise };
  return has("agent.security_violation") ? { raise, raiseAs: "agent" } : {};
}
