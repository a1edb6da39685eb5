import type { JsonValue } from "@synaps/sdk/protocol";
import type { Timer } from "../../time/clock.js";
import { HostError, messageOf } from "../../errors.js";
import type { Extension } from "../../supervision/extension.js";
import { Generation } from "../../supervision/generation.js";
import { Lanes } from "../../delivery/lanes.js";
import type { LoadedExtension } from "../../loading/manifest/loaded.js";
import { exitDiagnosis } from "../../transport/process/diagnose.js";
import type { Reply } from "../../transport/rpc/connection.js";
import { RawParams } from "../../transport/rpc/raw-params.js";
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
  readonly #lanes: Lanes;
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
    const queue = { gate: 0, trial: 0, call: limits.gateQueue, observe: 0 };
    this.#lanes = new Lanes({ limit: 1, shared: true, queue, blockMs: 0, clock });
    void generation.gone.then(() => this.end());
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
      onNotification: (method, params) => inbound.notify(extension, method, params),
      onStderrLine: (line) => logs.add({ at: clock.wallMs(), line }),
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
    return !this.#lanes.idle;
  }

  get ended(): boolean {
    return this.#ending !== undefined;
  }

  /** Calls a tool, once it is this call's turn. Waiting and being answered each have the deadline. Never rejects. */
  async call({ tool, input, deadlineMs, signal }: ToolCall): Promise<LeaseResult> {
    this.#idle?.cancel();
    const slot = await this.#lanes.acquire("call", deadlineMs);
    if (slot === "closed") return leaseFailure("stopped");
    if (slot !== "slot") return leaseFailure("transport", "its turn did not come in time");
    const params = new RawParams(JSON.stringify({ name: tool, input }));
    const reply = await this.#generation.connection.send("tool.call", params, deadlineMs, signal);
    this.#lanes.release("call");
    if (this.#lanes.idle && !this.ended) this.#rest();
    return this.#resultOf(reply, deadlineMs);
  }

  /** Ends the process, gently first; whoever waits for a turn is turned away. The same promise for every caller. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#idle?.cancel();
    this.#lanes.close();
    this.#onEnd();
    await this.#generation.stop();
  }

  /** From now on it counts as unused. */
  #rest(): void {
    const { clock, limits } = this.#extension.services;
    this.#idle?.cancel();
    this.#idle = clock.after(limits.leaseIdleMs, () => void this.end());
  }

  #resultOf(reply: Reply, deadlineMs: number): LeaseResult {
    switch (reply.type) {
      case "result":
        return { ok: true, result: (reply.result ?? null) as JsonValue };
      case "error":
        // What an extension writes into an error may be meant for nobody: only how much it was is told.
        return leaseFailure("extension_reported", `${Buffer.byteLength(reply.message)} bytes, withheld`);
      case "cancelled":
        return leaseFailure("cancelled");
      case "timeout":
        // It may be at it for ever, and nothing else gets its turn meanwhile.
        void this.end();
        return leaseFailure("transport", `no answer within ${deadlineMs} ms`);
      case "not_sent":
        return leaseFailure("transport", `the input was not sent: ${reply.reason}`);
      case "closed":
        if (!this.#generation.child.exit) return leaseFailure("stopped");
        return transportFailure(exitDiagnosis(this.#generation.child, "working on a call"));
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
