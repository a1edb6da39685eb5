/** Outputs that a host keeps because extensions asked for it. */
export interface CacheStatus {
  /** Outputs that are kept now, and their bytes of UTF-8. At most 1,000 and 32 MiB; the least used ones go first. */
  readonly entries: number;
  readonly bytes: number;
  /** Operations that were answered with a kept output. */
  readonly hits: number;
  /** Operations that nothing was kept for while anything was kept, or that asked to keep their output. */
  readonly misses: number;
  readonly stores: number;
  /** Outputs that had to make room for others. */
  readonly evictions: number;
}
