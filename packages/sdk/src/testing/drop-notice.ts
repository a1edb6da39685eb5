import type { DroppedEvents, DroppedNotice } from "../protocol/dropped.js";

/** Dropped events of one hook, as far as a test names them. */
export type DroppedParts = Partial<DroppedEvents> & { kind: string };

/** The notice that a host sends for these hooks. */
export function dropNotice(hooks: readonly DroppedParts[]): DroppedNotice {
  const rows = hooks.map(
    ({ kind, subscription = `${kind}#1`, session = null, dropped = 1, total = dropped }) => {
      return { subscription, kind, session, dropped, total };
    },
  );
  const sum = (key: "dropped" | "total"): number => rows.reduce((all, row) => all + row[key], 0);
  return { dropped: sum("dropped"), total: sum("total"), hooks: rows };
}
