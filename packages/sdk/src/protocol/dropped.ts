/** Events of one subscription that an extension was not handed, as `hook.dropped` tells them. */
export interface DroppedEvents {
  /** The hook's `id` in the manifest, else `kind#n`; `event.published` for raised events. */
  subscription: string;
  kind: string;
  /** The events' `session_id`; null for events without a session. At most 128 characters. */
  session: string | null;
  /** Events since the last notice. */
  dropped: number;
  /** Events of the subscription, all sessions together, since the host knows the subscription. */
  total: number;
}

/**
 * Parameters of `hook.dropped` (protocol 3, when both sides list `dropped`): events that an extension should have got and
 * was never handed. A host sends at most one a second.
 */
export interface DroppedNotice {
  /** All events since the last notice, those that `hooks` does not list included. */
  dropped: number;
  /** All events that the host has counted for the extension. */
  total: number;
  /** By subscription and session, at most 64. */
  hooks: DroppedEvents[];
}
