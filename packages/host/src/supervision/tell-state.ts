import type { HostEvents } from "../observe/host-events.js";
import { isLive, type ExtensionState } from "./states.js";

/** An extension as far as the events about its state name it. */
interface Named {
  readonly id: string;
  /** Reason of the last crash or failed start. */
  readonly reason: string | undefined;
}

/** Tells the move of an extension, and the crash or the quarantine that the move says. */
export function tellState(
  events: Pick<HostEvents, "tell">,
  { id: extension, reason }: Named,
  from: ExtensionState,
  to: ExtensionState,
): void {
  events.tell("state", { extension, from, to, ...(reason === undefined ? {} : { reason }) });
  const why = reason ?? "no reason is known";
  if (isLive(from) && (to === "restarting" || to === "quarantined"))
    events.tell("crash", { extension, reason: why, next: to });
  if (to === "quarantined") events.tell("quarantine", { extension, reason: why });
}
