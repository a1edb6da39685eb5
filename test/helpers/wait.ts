import { setTimeout as after } from "node:timers/promises";
import type { Host } from "@synaps/host";

/** Longest a condition may take to come true before a test fails. */
const PATIENCE_MS = 40_000;

/** Resolves when the condition holds; looks at it often. For conditions that announce themselves in no other way. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { patienceMs = PATIENCE_MS, everyMs = 2 } = {},
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it never came true that ${what}`);
    await after(everyMs);
  }
}

/** Resolves when every extension of the host can take events. */
export function allLive(host: Host): Promise<void> {
  const live = ["running", "degraded"];
  return until("all extensions are live", () =>
    host.snapshot().extensions.every(({ state }) => live.includes(state)),
  );
}
