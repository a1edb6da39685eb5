/** Lateness of a timer from which the host counts as not having run. */
const LAG_MS = 250;
/**
 * Longest extra time after a lag. What was handed over just before the lag leaves the host only after it, so nobody had
 * the time that passed. The default deadline: whoever answers at all answers within that.
 */
const MOST_GRACE_MS = 5_000;

/** Extra time for everybody who waits when a timer came so late: 0 unless the host cannot have run. */
export function graceFor(lateMs: number): number {
  return lateMs > LAG_MS ? Math.min(lateMs, MOST_GRACE_MS) : 0;
}
