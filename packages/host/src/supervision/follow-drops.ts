import { DropLog } from "../observe/drops/drop-log.js";
import { writeDropLine, type LineSettings } from "../observe/drops/drop-lines.js";
import { DropNotices } from "../observe/drops/drop-notices.js";
import { Drops } from "../observe/drops/drops.js";
import type { Clock } from "../time/clock.js";
import { DropTeller } from "./drop-teller.js";
import type { ExtensionRegistry } from "./extension-registry.js";
import { isLive } from "./states.js";

/** Makes what takes dropped events to the log and to the extensions, as these come, go and start anew. */
export function followDrops(
  settings: LineSettings & { readonly clock: Clock },
  extensions: ExtensionRegistry,
  subscriptions: { isThere(extension: string, subscription: string): boolean },
): Drops {
  const { clock } = settings;
  const teller = new DropTeller();
  const notices = new DropNotices(clock, (id, notice) => teller.tell(extensions.get(id), notice));
  extensions.onState(({ id }, _from, to) => {
    if (isLive(to)) notices.live(id);
  });
  extensions.onMembers(({ type, extension }) => {
    if (type === "removed") notices.forget(extension.id);
  });
  const log = new DropLog(
    clock,
    (line) => writeDropLine(settings, line),
    // Events on topics have no subscription of their own.
    (extension, subscription) =>
      subscription === "event.published"
        ? extensions.get(extension) !== undefined
        : subscriptions.isThere(extension, subscription),
  );
  return new Drops(log, notices);
}
