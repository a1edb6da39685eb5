import type { ControlStatus, ExtensionStatus, PoisonedEvent } from "@synaps/host";

export interface StillPoisoned extends PoisonedEvent {
  /** At most so long it is still kept away. */
  leftMs: number;
}

/**
 * The events that are kept from an extension now. The host counts their time on its own clock, which began with its
 * process, before `started_at`: so what is left is never more than what comes out here.
 */
export function stillPoisoned(
  { process }: ExtensionStatus,
  { started_at: startedAt }: Pick<ControlStatus, "started_at">,
  nowMs: number,
): StillPoisoned[] {
  return (process?.poisoned ?? []).flatMap((event) => {
    const leftMs = (event.untilMs ?? 0) - (nowMs - startedAt);
    return leftMs > 0 ? [{ ...event, leftMs }] : [];
  });
}
