/** Numbers about the kept traces of one kind. */
export interface KindStatistics {
  readonly count: number;
  /** Outcomes by action. */
  readonly actions: Readonly<Record<string, number>>;
  /** Times from the event to its outcome. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Measured {
  readonly kind: string;
  readonly action: string;
  readonly durationMs: number;
}

/** Numbers by kind. Exact: of all times that are given. */
export function statisticsOf(traces: readonly Measured[]): Record<string, KindStatistics> {
  const byKind = new Map<string, Measured[]>();
  for (const trace of traces) {
    const known = byKind.get(trace.kind);
    if (known) known.push(trace);
    else byKind.set(trace.kind, [trace]);
  }
  return Object.fromEntries([...byKind].map(([kind, own]) => [kind, ofKind(own)]));
}

function ofKind(traces: readonly Measured[]): KindStatistics {
  const actions: Record<string, number> = {};
  for (const { action } of traces) actions[action] = (actions[action] ?? 0) + 1;
  const times = traces.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
  const at = (share: number): number => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0;
  return { count: traces.length, actions, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
