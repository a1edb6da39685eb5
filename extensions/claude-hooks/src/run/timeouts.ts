import type { Handler } from "../config/handler.js";

/** Times that the format gives a hook that names none. */
const DEFAULT_MS = 600_000;
const DEFAULTS_MS: Readonly<Record<string, number>> = {
  UserPromptSubmit: 30_000,
  MessageDisplay: 10_000,
  SessionEnd: 1_500,
};
/** Longest time for one timer; a longer one would end at once. */
const MAX_MS = 2 ** 31 - 1;
/** Part of the host's deadline that is kept for the answer itself. */
const SPARE_MS = 300;

/** Time for one hook: its own, within what the host waits. */
export function timeoutOf({ event, timeoutMs }: Handler, deadlineMs = Infinity): number {
  const own = timeoutMs ?? DEFAULTS_MS[event] ?? DEFAULT_MS;
  return Math.max(1, Math.min(own, MAX_MS, deadlineMs - Math.min(SPARE_MS, deadlineMs / 4)));
}
