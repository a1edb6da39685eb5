import { memberAt, pointerKeys, type HookKindSpec, type JsonValue } from "@synaps/sdk/protocol";
import { schemaDigest } from "@synaps/sdk/manifest";
import { LRUCache } from "lru-cache";
import type { OutgoingEvent } from "../../delivery/outgoing-event.js";
import type { Clock } from "../../time/clock.js";
import type { CacheStatus } from "../../observe/cache-status.js";
import type { StorePlan } from "../outcome.js";

/** Bounds of all outputs that a host keeps. */
const MAX_ENTRIES = 1_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** An output that is kept, and the extension that asked for it. */
interface Kept {
  readonly output: string | null;
  readonly by: string;
}

/** Outputs of operations by their keys, for a time and within bounds. */
export class OperationCache {
  readonly #clock: Pick<Clock, "now">;
  /** Made with the first output: most hosts keep none, and room for all of them is taken at once. */
  #made: LRUCache<string, Kept> | undefined;
  #hits = 0;
  #misses = 0;
  #stores = 0;
  #evictions = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  get #kept(): LRUCache<string, Kept> {
    this.#made ??= new LRUCache<string, Kept>({
      max: MAX_ENTRIES,
      maxSize: MAX_BYTES,
      // An entry has a size of at least 1, however short its output.
      sizeCalculation: ({ output }, key) => Buffer.byteLength(output ?? "") + key.length,
      // Looks at the host's clock each time, and needs no timer of its own. A time of 0 would count as none.
      perf: { now: () => this.#clock.now() + 1 },
      ttlResolution: 0,
      dispose: (_output, _key, reason) => {
        if (reason === "evict") this.#evictions += 1;
      },
    });
    return this.#made;
  }

  get isEmpty(): boolean {
    return (this.#made?.size ?? 0) === 0;
  }

  find(key: string): Kept | undefined {
    const found = this.#made?.get(key);
    if (found) this.#hits += 1;
    else this.#misses += 1;
    return found;
  }

  keep(key: string, output: string | null, { by, ttlMs }: StorePlan): void {
    this.#stores += 1;
    this.#kept.set(key, { output, by }, { ttl: ttlMs });
  }

  get status(): CacheStatus {
    this.#made?.purgeStale();
    return {
      entries: this.#made?.size ?? 0,
      bytes: this.#made?.calculatedSize ?? 0,
      hits: this.#hits,
      misses: this.#misses,
      stores: this.#stores,
      evictions: this.#evictions,
    };
  }
}

/**
 * The key of an operation: one text for the same kind, place and members, whatever the order of the members' own keys. An
 * extension's own key stands for all of these, and is apart from those of other extensions.
 */
export function cacheKey(
  spec: HookKindSpec,
  pointers: readonly string[],
  event: OutgoingEvent,
  target: string | undefined,
  plan: StorePlan | undefined,
): string {
  const { kind } = event;
  if (plan?.key !== undefined) return schemaDigest(["own", kind, plan.by, plan.key]);
  const members = (spec.cacheKey ?? pointers).map((pointer): JsonValue => {
    const keys = pointerKeys(pointer);
    const value = keys && memberAt(event.whole as unknown as JsonValue, keys);
    return value === undefined ? [] : [value as JsonValue];
  });
  return schemaDigest(["members", kind, target ?? null, members]);
}
