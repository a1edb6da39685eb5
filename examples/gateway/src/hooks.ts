import type { Host } from "@synaps/host";
import type { gatewayCatalog } from "@synaps/sdk/catalogs";
import type { JsonObject } from "@synaps/sdk/protocol";

type Kind = keyof (typeof gatewayCatalog)["kinds"];

/** Something that a hook, or the gateway itself, does not let happen. The message is for the client. */
export class Refused extends Error {
  readonly by: string;

  constructor(reason: string, by: string) {
    super(reason);
    this.by = by;
  }
}

/** The two ways in which the gateway raises events. */
export class Hooks {
  readonly #host: Host;
  readonly #signal: AbortSignal;

  /** When the signal is aborted, questions that are open reject with its reason. */
  constructor(host: Host, signal: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
  }

  /** Asks, and resolves with the facts as the hooks left them. Rejects with `Refused` if one of them blocks. */
  async ask<F extends JsonObject>(kind: Kind, data: F, tool_name?: string): Promise<F> {
    const event = { kind, data, ...(tool_name === undefined ? {} : { tool_name }) };
    const outcome = await this.#host.emit(event, { signal: this.#signal });
    if (outcome.action === "block") throw new Refused(outcome.reason, outcome.by);
    // The host has checked that changed facts still fit the kind.
    return outcome.action === "modify" ? (outcome.input as F) : data;
  }

  /** Tells, and waits for nobody but where the kind is `lifecycle`. */
  async tell(kind: Kind, data?: JsonObject): Promise<void> {
    await this.#host.emit({ kind, ...(data ? { data } : {}) });
  }
}
