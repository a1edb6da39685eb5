import type { ExtensionStatus } from "@synaps/host";
import type { Style } from "./io.js";

/** Colour of each state; the word itself always stands there too. */
export const STATE_STYLE: Readonly<Record<ExtensionStatus["state"], Style>> = {
  loaded: "dim",
  starting: "yellow",
  running: "green",
  degraded: "yellow",
  restarting: "yellow",
  failed: "red",
  quarantined: "red",
  stopped: "dim",
  pending_consent: "yellow",
  disabled: "dim",
  invalid: "red",
};
