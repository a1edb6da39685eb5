import pTimeout from "p-timeout";
import type { HostLimits } from "../options.js";

/**
 * Starts a few at a time: spawning blocks for milliseconds, and more at once only compete. One that takes long gives
 * its place to the next, so that a handful that hang do not keep the others waiting. Resolves when all are settled.
 */
export async function startAll(
  starts: readonly (() => Promise<void> | undefined)[],
  { startConcurrency, startTurnMs }: Pick<HostLimits, "startConcurrency" | "startTurnMs">,
): Promise<void> {
  const waiting = [...starts];
  const started: Promise<void>[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const one = next();
      if (!one) continue;
      started.push(one);
      await pTimeout(one, { milliseconds: Math.max(1, startTurnMs), fallback: () => {} });
    }
  };
  await Promise.all(Array.from({ length: startConcurrency }, worker));
  await Promise.all(started);
}
