import { LANES, type Lane } from "./request.js";
import { Window } from "./streams/window.js";

/** Gates of a protocol-3 process in flight, unless the manifest says otherwise; calls and batches have their own. */
const GATES_IN_FLIGHT = 8;
/**
 * The same for a process that answers fast. With 8 in flight, such a process waits for more work half of the time; with
 * 64 the throughput doubles (docs/performance.md).
 */
const MOST_GATES_IN_FLIGHT = 64;
const CALLS_IN_FLIGHT = 8;
/** An answer within this is fast: even the last of 64 is then far from any deadline. */
const FAST_MS = 5;
/** An answer after this is slow: the rest should wait here, where waiting is counted, and not in the process. */
const SLOW_MS = 50;

/** Requests that may be with one process at a time. */
export interface Concurrency {
  /** All lanes together; undefined when each lane has its own limit. */
  total: number | undefined;
  /** Gates; `mostGates` is the limit for a process that answers fast. */
  gates: number;
  mostGates: number;
  calls: number;
  observers: number;
  /** Sessions of streams that the process works on at a time; undefined: as many as it shows that it can. */
  streams: number | undefined;
  /** True for protocols 1 and 2, whose processes read frame by frame: observers share the slot of the gates. */
  serial: boolean;
}

/** The documented limits. Protocols 1 and 2 get one gate and one call at a time unless the manifest sets a number. */
export function concurrencyOf(protocol: number, wanted: number | undefined): Concurrency {
  if (protocol < 3) {
    return { total: wanted, gates: 1, mostGates: 1, calls: 1, observers: 1, streams: 1, serial: true };
  }
  const each = wanted ?? CALLS_IN_FLIGHT;
  const gates = wanted ?? GATES_IN_FLIGHT;
  const mostGates = wanted ?? MOST_GATES_IN_FLIGHT;
  return { total: undefined, gates, mostGates, calls: each, observers: each, streams: wanted, serial: false };
}

/** Counts the requests in flight by lane and says whether one more may go. */
export class Slots {
  readonly concurrency: Concurrency;
  readonly #busy: Record<Lane, number> = { trial: 0, gate: 0, call: 0, observe: 0, stream: 0 };
  readonly streams: Window;
  #gates: number;
  #all = 0;

  constructor(concurrency: Concurrency) {
    this.concurrency = concurrency;
    this.#gates = concurrency.gates;
    this.streams = new Window(concurrency.streams);
  }

  busy(lane: Lane): number {
    return this.#busy[lane];
  }

  /** `asking`: the process waits for an answer of the host, so a serial one must not find another request first. */
  free(lane: Lane, asking: boolean): boolean {
    const { total, serial, calls, observers } = this.concurrency;
    const busy = this.#busy;
    if (lane === "trial" && busy.trial > 0) return false;
    if (total !== undefined) return this.#all < total;
    if (serial && asking) return this.#all === 0;
    if (lane === "call") return busy.call < calls;
    if (serial) return this.#all - busy.call < 1;
    if (lane === "stream") return busy.stream < this.streams.size;
    return lane === "observe" ? busy.observe < observers : busy.trial + busy.gate < this.#gates;
  }

  take(lane: Lane): void {
    this.#busy[lane] += 1;
    this.#all += 1;
  }

  release(lane: Lane): void {
    this.#busy[lane] -= 1;
    this.#all -= 1;
  }

  /** A gate was answered: more may be in flight with a fast process, fewer again with a slow one. */
  answered(runMs: number, waiting: boolean): void {
    const { gates, mostGates } = this.concurrency;
    if (runMs > SLOW_MS) this.#gates = Math.max(gates, this.#gates >> 1);
    else if (waiting && runMs < FAST_MS && this.#gates < mostGates) this.#gates += 1;
  }

  /** The process is gone, and the next one has its own speed. */
  reset(): void {
    for (const lane of LANES) this.#busy[lane] = 0;
    this.#all = 0;
    this.#gates = this.concurrency.gates;
    this.streams.reset();
  }
}
