import {
  debugRing,
  logging,
  rateLimit,
  type DebugRing,
  type FollowedHost,
  type RateLimitOptions,
  type SeenOutcome,
} from "@synaps/builtins";
import type { Catalog } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../../errors.js";
import type { HostConfig } from "../../loading/host-config/host-config.js";
import type { Logger } from "../../logger.js";
import { isHosts } from "../host-kind.js";
import { standsBefore } from "../merge.js";

/** Raises an event of the host, for what a built-in refuses. */
type Raise = (event: { readonly kind: string; readonly data: object }) => unknown;

/** Services of the host that built-ins use. */
export interface BuiltInServices {
  readonly catalogs: readonly Catalog[];
  readonly clock: { now(): number; wallMs(): number };
  readonly logger: Logger;
  readonly raise: Raise;
}

/** A hook of the host, and the listener for outcomes that belongs to it. */
export interface BuiltIn {
  readonly hook: object;
  readonly outcome?: ((outcome: SeenOutcome) => void) | undefined;
  /** The ring of what was asked, if the hook keeps one. */
  readonly ring?: DebugRing | undefined;
}

/** The hooks that a configuration switches on, by id. Each is made of one part of it. */
export interface BuiltInPlan {
  readonly id: string;
  /** The part of the configuration: while it stays the same, so does the hook. */
  readonly part: unknown;
  make(): BuiltIn;
}

/** The built-in hooks that a configuration asks for. */
export function builtInsOf(config: HostConfig, services: BuiltInServices): BuiltInPlan[] {
  return [...ratePlans(config, services), ...watchPlans(config, services)];
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
    yield { id: "rate_limit", part: bucket, make: () => ({ hook: rateLimit(options as RateLimitOptions) }) };
  }
  const perMinute = hooks.rateLimitPerMinute;
  if (perMinute !== null) {
    const id = "rate_limit_per_minute";
    const options = { ...shared, id, capacity: perMinute, refillPerMinute: perMinute };
    yield { id, part: perMinute, make: () => ({ hook: rateLimit(options as RateLimitOptions) }) };
  }
}

/** Hooks that only look on: at all events but items of streams, which would fill every log, and decisions, whose events they see. */
function* watchPlans(
  { logging: lines, debug }: HostConfig,
  { catalogs, logger, clock }: BuiltInServices,
): Iterable<BuiltInPlan> {
  const kinds = catalogs.flatMap((catalog) =>
    Object.entries(catalog.kinds).flatMap(([kind, spec]) =>
      spec.delivery === "stream" || isHosts(spec) ? [] : [kind],
    ),
  );
  if (kinds.length === 0) return;
  if (lines.enabled) {
    const { level, includeData, maxDataBytes } = lines;
    const options = { kinds, logger, level, includeData, maxDataBytes };
    yield { id: "logging", part: lines, make: () => followed(logging(options)) };
  }
  if (debug.enabled) {
    const { maxTraces, minDurationMs } = debug;
    const options = { kinds, maxTraces, minDurationMs, wallMs: () => clock.wallMs() };
    const make = (): BuiltIn => {
      const ring = debugRing(options);
      return { ...followed(ring), ring };
    };
    yield { id: "debug_ring", part: debug, make };
  }
}

/** The hook and the listener that it would register at a host by itself. */
function followed<H extends object>(hook: H & { follow(host: FollowedHost<H>): unknown }): BuiltIn {
  let outcome: BuiltIn["outcome"];
  const on = (_: "outcome", listener: (outcome: SeenOutcome) => void): (() => void) => {
    outcome = listener;
    return () => {};
  };
  hook.follow({ on, use: () => Promise.resolve(() => Promise.resolve()) });
  return { hook, outcome };
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
