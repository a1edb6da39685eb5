import type { Operation, Points } from "./points.js";

/** Bounds of the configuration. */
export interface Limits {
  /** Milliseconds that one call of a tool or a model may take. */
  slow_ms: number;
  /** MiB of memory that this process may have in use. */
  memory_mb: number;
  /** Share of one processor that this process may use, of 1. */
  cpu_share: number;
  /** Tokens that one session may use. */
  session_tokens: number;
}

const MIB = 1024 * 1024;
const SYSTEM = { type: "system", name: "watch" } as const;

/** Measures this program and tells when it goes over a limit of its configuration. */
export class Watch {
  readonly #points: Points;
  readonly #limits: () => Limits;
  #cpu = process.cpuUsage();
  #sinceMs = performance.now();

  constructor(points: Points, limits: () => Limits) {
    this.#points = points;
    this.#limits = limits;
  }

  /** Does some work and looks how long it took, also when it fails. */
  async time<T>(component: Operation["component"], work: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    try {
      return await work();
    } finally {
      const { slow_ms: limit } = this.#limits();
      const ms = performance.now() - startMs;
      await this.#over("agent.performance_threshold_exceeded", component, ms, limit, "ms");
    }
  }

  /** Looks at the memory in use, and at the processor time since the last look. */
  async look(): Promise<void> {
    const { memory_mb: memory, cpu_share: share } = this.#limits();
    await this.#over("agent.memory_usage_high", SYSTEM, process.memoryUsage.rss() / MIB, memory, "MiB");
    const { user, system } = process.cpuUsage(this.#cpu);
    const usedMs = (user + system) / 1_000;
    const ms = performance.now() - this.#sinceMs;
    [this.#cpu, this.#sinceMs] = [process.cpuUsage(), performance.now()];
    await this.#over("agent.cpu_usage_high", SYSTEM, usedMs / ms, share, "of a processor");
  }

  /** Rejects once a session has used more tokens than it may. */
  async tokens(component: Operation["component"], used: number): Promise<void> {
    const { session_tokens: limit } = this.#limits();
    const isOver = await this.#over("agent.resource_limit_exceeded", component, used, limit, "tokens");
    if (isOver) throw new Error(`the session has used ${used} of ${limit} tokens`);
  }

  async #over(
    kind:
      | "agent.performance_threshold_exceeded"
      | "agent.memory_usage_high"
      | "agent.cpu_usage_high"
      | "agent.resource_limit_exceeded",
    component: Operation["component"],
    measured: number,
    limit: number,
    unit: string,
  ): Promise<boolean> {
    if (measured <= limit) return false;
    const value = Math.round(measured * 100) / 100;
    await this.#points.tell(kind, { component, value, reason: `${value} ${unit}, at most ${limit}` });
    return true;
  }
}
