import { DropLog, type DropLine } from "../../packages/host/src/observe/drops/drop-log.js";
import { DropNotices } from "../../packages/host/src/observe/drops/drop-notices.js";
import { Drops } from "../../packages/host/src/observe/drops/drops.js";
import type { Clock } from "@synaps/host";

/** Dropped events of a host whose extensions want no notices. `lines` gets the lines of the log. */
export function dropsOf(clock: Clock, lines: DropLine[] = []): Drops {
  return new Drops(
    new DropLog(
      clock,
      (line) => void lines.push(line),
      () => true,
    ),
    new DropNotices(clock, () => "unwanted"),
  );
}
