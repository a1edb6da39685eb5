/** How late something was beside a bare timer that was set in the same moment for the same time. */
export interface Lateness {
  /** Against the time itself; negative when it was early. */
  overMs: number;
  /** Against the bare timer; what a busy machine delays both by is not in it. */
  excessMs: number;
}

/** Against a bare timer of the same moment, a deadline may be kept by this much later. */
export const MOST_EXCESS_MS = 50;

export async function beside<T>(ms: number, work: () => Promise<T>): Promise<Lateness & { value: T }> {
  const started = performance.now();
  let controlMs: number | undefined;
  const control = setTimeout(() => (controlMs = performance.now() - started - ms), ms);
  const value = await work();
  const overMs = performance.now() - started - ms;
  clearTimeout(control);
  return { value, overMs, excessMs: overMs - (controlMs ?? Math.max(0, overMs)) };
}
