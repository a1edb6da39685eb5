import type { ExtensionStatus, PoisonedEventStatus } from "@synaps/host";

export interface StillPoisoned extends PoisonedEventStatus {
  /** So long it is still kept away. */
  leftMs: number;
}

/** The events that are kept from an extension now. */
export function stillPoisoned({ process }: ExtensionStatus, nowMs: number): StillPoisoned[] {
  return (process?.poisoned ?? []).flatMap((event) => {
    const leftMs = event.until - nowMs;
    return leftMs > 0 ? [{ ...event, leftMs }] : [];
  });
}
