import { LRUCache } from "lru-cache";
import type { Clock } from "./clock.js";

/** Operations under way that are remembered at most; the output of one that was forgotten is not kept. */
const MAX_OPERATIONS = 10_000;

/** An operation that takes longer is not kept. */
export const LONGEST_OPERATION_MS = 60 * 60_000;

interface UnderWay {
  /** Undefined once operations of one key began under different seals: nobody knows which output is whose. */
  seal: string | undefined;
  count: number;
}

/** The seals of operations that run now, from their question to their output. */
export class Pending {
  readonly #underWay: LRUCache<string, UnderWay>;

  constructor(clock: Pick<Clock, "now">) {
    this.#underWay = new LRUCache({
      max: MAX_OPERATIONS,
      ttl: LONGEST_OPERATION_MS,
      perf: { now: () => clock.now() + 1 },
      ttlResolution: 0,
    });
  }

  get size(): number {
    return this.#underWay.size;
  }

  begin(operation: string, seal: string): void {
    const known = this.#underWay.get(operation);
    if (known === undefined) return void this.#underWay.set(operation, { seal, count: 1 });
    known.count += 1;
    if (known.seal !== seal) known.seal = undefined;
  }

  /** The seal under which the output of the operation may be kept; undefined when nobody asked, or it is not certain. */
  end(operation: string): string | undefined {
    const known = this.#underWay.get(operation);
    if (known === undefined) return undefined;
    known.count -= 1;
    if (known.count === 0) this.#underWay.delete(operation);
    return known.seal;
  }
}
