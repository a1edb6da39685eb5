import type { JsonValue } from "@synaps/sdk/protocol";
import { onAbort } from "../../time/abort.js";
import type { Timer } from "../../time/clock.js";
import { HostError, messageOf } from "../../errors.js";
import type { Extension } from "../../supervision/extension.js";
import { Generation } from "../../supervision/generation.js";
import { Delivery } from "../../delivery/delivery.js";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";
import { exitDiagnosis } from "../../transport/process/diagnose.js";
import { callEnd } from "../../delivery/results.js";
import { concurrencyOf } from "../../delivery/slots.js";
import {
  leaseFailure,
  leaseResultOf,
  transportFailure,
  type LeaseFailure,
  type ToldResult,
} from "./result.js";

export interface ToolCall {
  tool: string;
  input: JsonValue;
  deadlineMs: number;
  signal: AbortSignal | undefined;
}

/**
 * One process of a lazy extension for one session. The process takes one call at a time, is not restarted when it ends,
 * and is ended when nobody has used it for a while.
 */
export class Lease {
  readonly #generation: Generation;
  readonly #extension: Extension;
  readonly #onEnd: () => void;
  readonly #delivery: Delivery;
  #idle: Timer | undefined;
  #ending: Promise<void> | undefined;

  private constructor(extension: Extension, generation: Generation, onEnd: () => void) {
    const { clock, limits } = extension.services;
    this.#extension = extension;
    this.#generation = generation;
    this.#onEnd = onEnd;
    const ended = (): boolean => this.ended;
    this.#delivery = new Delivery(
      {
        get availability() {
          return ended() ? "stopped" : generation.child.exit ? "failed" : "live";
        },
        get channel() {
          return generation.child.exit ? undefined : generation.connection;
        },
        get reason() {
          return generation.child.exit && exitDiagnosis(generation.child, "working on a call");
        },
        id: extension.id,
        state: "running",
        restartCount: 0,
        heardMs: 0,
        sendsMeta: false,
        takesBatches: false,
        pinged: false,
        wake: () => {},
        takeDown: () => void this.end(),
      },
      { clock, limits, activity: extension.services.activity, concurrency: concurrencyOf(1, 1) },
    );
    void generation.gone.then(() => {
      generation.close();
      this.#delivery.exited(true);
      return this.end();
    });
    this.#rest();
  }

  /** Starts the process and compares its declarations with its manifest. Leaves no process when that fails. */
  static async start(
    extension: Extension,
    loaded: LoadedExtension,
    signal: AbortSignal,
    onEnd: () => void,
  ): Promise<Lease> {
    const { services, logs } = extension;
    const { inbound, clock } = services;
    const generation = new Generation(loaded, {
      ...services,
      onRequest: (method, params) => inbound.request(extension, method, params),
      onNotification: (method, params, inexact) => inbound.notify(extension, method, params, inexact),
      onStderrLine: (line) => logs.add({ at: clock.wallMs(), line }),
      onAnswered: () => {},
      onLateReply: () => {},
      onMistake: (note) => services.warn(extension, note),
    });
    const stop = onAbort(signal, () => generation.close());
    try {
      await generation.shakeHands(true);
    } finally {
      stop();
    }
    return new Lease(extension, generation, onEnd);
  }

  get pid(): number | undefined {
    return this.#generation.child.pid;
  }

  get busy(): boolean {
    return !this.#delivery.idle;
  }

  get ended(): boolean {
    return this.#ending !== undefined;
  }

  /** Calls a tool when the call's turn comes. The wait and the answer each have the deadline. Never rejects. */
  async call({ tool, input, deadlineMs, signal }: ToolCall): Promise<ToldResult> {
    this.#idle?.cancel();
    const params = { name: tool, input };
    const end = callEnd(await this.#delivery.call({ method: "tool.call", params, deadlineMs, signal }));
    if (this.#delivery.idle && !this.ended) this.#rest();
    // The process may work on the call for ever, and no other call gets its turn meanwhile.
    if ("status" in end && end.status === "timeout") void this.end();
    return leaseResultOf(end);
  }

  /**
   * Ends the process, gently first. Calls that it has taken may end within `drainMs`; after that they are refused. The same
   * promise for every caller.
   */
  end(drainMs = 0): Promise<void> {
    this.#ending ??= this.#end(drainMs);
    return this.#ending;
  }

  async #end(drainMs: number): Promise<void> {
    this.#idle?.cancel();
    this.#onEnd();
    await this.#delivery.drain(drainMs);
    await this.#generation.stop();
    this.#delivery.close();
  }

  /** The process counts as unused from now on. */
  #rest(): void {
    const { clock, limits } = this.#extension.services;
    this.#idle?.cancel();
    this.#idle = clock.after(limits.leaseIdleMs, () => void this.end());
  }
}

/** The failed start of a lease, in the terms of leases. */
export function startFailure(error: unknown, tool: string): LeaseFailure {
  if (!(error instanceof HostError)) return transportFailure(messageOf(error));
  const { drift, name } = error.data;
  switch (error.code) {
    case "HANDSHAKE_DRIFT":
      if (drift === "tool_missing" && name === tool) return leaseFailure("name_not_listed");
      return leaseFailure(drift === "tool_schema" ? "schema_mismatch" : "declaration_mismatch");
    case "HANDSHAKE_MALFORMED":
      return leaseFailure("declaration_mismatch");
    case "HOST_STOPPED":
      return leaseFailure("stopped");
    default:
      return transportFailure(error.message);
  }
}
