import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.js";
import type { Bounds, Found, Store } from "./store.js";

export interface MemoryLimits {
  readonly maxEntries: number;
  /** Of all outputs and keys together, in UTF-8. */
  readonly maxBytes: number;
}

interface Kept {
  readonly output: string;
  readonly seal: string;
}

/** Answers in the memory of this process: gone with the process, and never seen by another one. */
export function memoryStore(limits: MemoryLimits, bounds: () => Bounds, clock: Pick<Clock, "now">): Store {
  let evicted = 0;
  /** Number of times that each group was dropped. Groups come from the configuration, so that there are few. */
  const drops = new Map<string, number>();
  const kept = new LRUCache<string, Kept>({
    max: limits.maxEntries,
    maxSize: limits.maxBytes,
    sizeCalculation: ({ output }, key) => Buffer.byteLength(output) + key.length,
    // Looks at the clock each time, and needs no timer of its own. A time of 0 would count as none.
    perf: { now: () => clock.now() + 1 },
    ttlResolution: 0,
    dispose: (_kept, _key, reason) => {
      if (reason === "evict") evicted += 1;
    },
  });
  const sealOf = (groups: readonly string[]): string =>
    groups.map((group) => drops.get(group) ?? 0).join(".");

  return {
    find(key, groups): Promise<Found> {
      const seal = sealOf(groups);
      const found = kept.get(key);
      return Promise.resolve(found?.seal === seal ? { output: found.output, seal } : { seal });
    },
    keep(key, seal, output) {
      kept.set(key, { output, seal }, { ttl: bounds().ttlMs });
    },
    drop(groups) {
      for (const group of groups) drops.set(group, (drops.get(group) ?? 0) + 1);
      return Promise.resolve();
    },
    status() {
      kept.purgeStale();
      return { store: "memory", entries: kept.size, bytes: kept.calculatedSize, evicted };
    },
    close() {
      kept.clear();
      return Promise.resolve();
    },
  };
}
