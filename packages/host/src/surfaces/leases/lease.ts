import type { AbstentionReason, JsonValue } from "@synaps/sdk/protocol";
import type { Timer } from "../../time/clock.js";
import { HostError, messageOf } from "../../errors.js";
import type { Extension } from "../../supervision/extension.js";
import { Generation } from "../../supervision/generation.js";
import { Delivery } from "../../delivery/delivery.js";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";
import { exitDiagnosis } from "../../transport/process/diagnose.js";
import type { CallResult } from "../../supervision/work.js";
import { concurrencyOf } from "../../delivery/slots.js";
import { lineOf } from "../../text-bounds.js";
import { fingerprintOf } from "./drift.js";
import { leaseFailure, type LeaseFailure, type LeaseResult } from "./result.js";

/** Of what a process said last, in a message. */
const MAX_DETAIL_BYTES = 200;

export interface ToolCall {
  tool: string;
  input: JsonValue;
  deadlineMs: number;
  signal: AbortSignal | undefined;
}

/**
 * One process of a lazy extension for one session. It takes one call at a time, is not restarted when it ends, and is
 * ended when nobody has used it for a while.
 */
export class Lease {
  readonly fingerprint: string;
  readonly #generation: Generation;
  readonly #extension: Extension;
  readonly #onEnd: () => void;
  readonly #delivery: Delivery;
  #idle: Timer | undefined;
  #ending: Promise<void> | undefined;

  private constructor(
    extension: Extension,
    loaded: LoadedExtension,
    generation: Generation,
    onEnd: () => void,
  ) {
    const { clock, limits } = extension.services;
    this.fingerprint = fingerprintOf(loaded);
    this.#extension = extension;
    this.#generation = generation;
    this.#onEnd = onEnd;
    const lease = this;
    this.#delivery = new Delivery(
      {
        get availability() {
          return lease.ended ? "stopped" : generation.child.exit ? "failed" : "live";
        },
        get channel() {
          return generation.child.exit ? undefined : generation.connection;
        },
        get reason() {
          return generation.child.exit && exitDiagnosis(generation.child, "working on a call");
        },
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

  /** Starts the process and holds what it declares against its manifest. Leaves no process when it fails. */
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
      onBytes: () => {},
    });
    const abort = (): void => generation.close();
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      await generation.shakeHands(true);
    } finally {
      signal.removeEventListener("abort", abort);
    }
    return new Lease(extension, loaded, generation, onEnd);
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

  /** Calls a tool, once it is this call's turn. Waiting and being answered each have the deadline. Never rejects. */
  async call({ tool, input, deadlineMs, signal }: ToolCall): Promise<LeaseResult> {
    this.#idle?.cancel();
    const params = { name: tool, input };
    const result = await this.#delivery.call({ method: "tool.call", params, deadlineMs, signal });
    if (this.#delivery.idle && !this.ended) this.#rest();
    return this.#resultOf(result, deadlineMs);
  }

  /** Ends the process, gently first; whoever waits for a turn is turned away. The same promise for every caller. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#idle?.cancel();
    this.#onEnd();
    await this.#delivery.drain(0);
    await this.#generation.stop();
    this.#delivery.close();
  }

  /** From now on it counts as unused. */
  #rest(): void {
    const { clock, limits } = this.#extension.services;
    this.#idle?.cancel();
    this.#idle = clock.after(limits.leaseIdleMs, () => void this.end());
  }

  #resultOf(result: CallResult, deadlineMs: number): LeaseResult {
    switch (result.type) {
      case "reply": {
        const { reply } = result;
        if (reply.type === "result") return { ok: true, result: (reply.result ?? null) as JsonValue };
        // An extension's error text may be meant for nobody: only its length is told.
        return leaseFailure("extension_reported", `${Buffer.byteLength(reply.message)} bytes, withheld`);
      }
      case "cancelled":
        return leaseFailure("cancelled");
      case "none":
        return this.#unanswered(result.reason, result.detail, deadlineMs);
    }
  }

  #unanswered(reason: AbstentionReason, detail: string | undefined, deadlineMs: number): LeaseResult {
    switch (reason) {
      case "stopped":
        return leaseFailure("stopped");
      case "timeout":
        // The process may work on the call for ever, and nothing else gets its turn meanwhile.
        void this.end();
        return leaseFailure("transport", `no answer within ${deadlineMs} ms`);
      case "busy":
        return leaseFailure("transport", "its turn did not come in time");
      default:
        return transportFailure(detail ?? `the input was not sent: ${reason}`);
    }
  }
}

/** Why a lease could not be started. */
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

function transportFailure(why: string): LeaseFailure {
  return leaseFailure("transport", lineOf(why, MAX_DETAIL_BYTES));
}
