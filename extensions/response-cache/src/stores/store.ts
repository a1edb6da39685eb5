/** Where answers are kept. Neither method rejects: a store that cannot answer says so in its result. */
export interface Store {
  /**
   * Looks for an answer that is valid under all of these groups. `seal` stands for the state of the groups at this moment:
   * an output of an operation that begins now is kept under it. Without a seal, the output must not be kept.
   */
  find(key: string, groups: readonly string[]): Promise<Found>;
  /** Keeps an output. Returns at once; a store that is far away writes in the background. */
  keep(key: string, seal: string, output: string): void;
  /**
   * Makes all that was kept under these groups invalid, and resolves when no lookup of this process can find any of it. A
   * store that cannot carry it out elsewhere remembers it, and carries it out later.
   */
  drop(groups: readonly string[]): Promise<void>;
  /** Figures and state for people, as JSON. */
  status(): Readonly<Record<string, string | number>>;
  close(): Promise<void>;
}

export interface Found {
  readonly output?: string;
  readonly seal?: string;
  /** Reason for which nothing could be looked up, in a word. */
  readonly away?: string;
}

/** Bounds that both stores have. */
export interface Bounds {
  readonly ttlMs: number;
  readonly maxEntryBytes: number;
}
