import { unknownKey, type JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";
import { Listeners } from "../listeners.js";
import type { Logger } from "../logger.js";
import { publish } from "./channels.js";

/** Things that happen in a host while it runs. `Outcome` is the type of the host's outcomes. */
export interface HostEventMap<Outcome = unknown> {
  /** An extension moved from one state to another. `reason`: of the last crash or failed start, if there was one. */
  state: { readonly extension: string; readonly from: string; readonly to: string; readonly reason?: string };
  /** The process of an extension ended by itself, or had to be ended; `next` is the state that follows. */
  crash: { readonly extension: string; readonly reason: string; readonly next: "restarting" | "quarantined" };
  /** An extension crashed too often, or was quarantined already when the host started. */
  quarantine: { readonly extension: string; readonly reason: string };
  /**
   * A subscription is not asked for a while, because it timed out, failed or was slow too often; or it is asked again.
   * `why`: the bound that opened its breaker, in a clause; null when it closed.
   */
  breaker: {
    readonly extension: string;
    readonly subscription: string;
    readonly open: boolean;
    readonly why: string | null;
  };
  /** A line that an extension wrote to standard error, without control characters. `at`: ms since the epoch. */
  log: { readonly extension: string; readonly at: number; readonly line: string };
  /** The outcome of an event that concerned at least one subscription; of an observed event when it is settled. */
  outcome: Outcome;
  /**
   * The host's configuration file was read again and changed something, or could not be used. `changes`: those with
   * `live` count for every event from now on, the others from the next start on.
   */
  config_reload: {
    readonly file: string | null;
    readonly applied: boolean;
    readonly changes: readonly {
      readonly key: string;
      readonly before: JsonValue;
      readonly after: JsonValue;
      readonly live: boolean;
    }[];
    readonly error: string | null;
  };
  /** All extensions of the host have ended. Told once to each listener, at once if the listener comes later. */
  stopped: Readonly<Record<never, never>>;
}

/** A name that `host.on` takes. Any other name throws a HostError. */
export type HostEventName = keyof HostEventMap;

const NOTHING = Object.freeze({}) as never;

const NAMES: readonly HostEventName[] = [
  "state",
  "crash",
  "quarantine",
  "breaker",
  "log",
  "outcome",
  "config_reload",
  "stopped",
];

/**
 * The listeners of a host. A listener that throws or rejects hurts nobody: the logger is told. Subscribers of
 * `node:diagnostics_channel` are told before.
 */
export class HostEvents<Outcome = unknown> {
  readonly #listeners: ReadonlyMap<HostEventName, Listeners<[never]>>;

  #isStopped = false;

  constructor(logger: Logger) {
    this.#listeners = new Map(
      NAMES.map((name) => [name, new Listeners<[never]>(logger, `the event '${name}'`)]),
    );
  }

  /** Returns how to stop listening. Throws a HostError for an event that does not exist, or a listener that is none. */
  on<N extends HostEventName>(name: N, listener: (event: HostEventMap<Outcome>[N]) => unknown): () => void {
    const listeners = this.#listeners.get(name);
    if (!listeners)
      throw wrong(`of the events ${unknownKey({ [String(name)]: true }, NAMES) ?? "none is named"}`);
    if (typeof listener !== "function") throw wrong("the listener is no function");
    if (name === "stopped" && this.#isStopped)
      listeners.tellOne(listener as (event: never) => unknown, NOTHING);
    return listeners.listen(listener as (event: never) => unknown);
  }

  tell<N extends HostEventName>(name: N, event: HostEventMap<Outcome>[N]): void {
    if (name === "stopped") this.#isStopped = true;
    publish(name, event);
    this.#listeners.get(name)?.tell(event as never);
  }
}

function wrong(why: string): HostError {
  return new HostError("HOST_OPTIONS_INVALID", `The arguments of on are wrong: ${why}`, {
    hint: `Call host.on(name, listener) with one of: ${NAMES.join(", ")}.`,
  });
}
