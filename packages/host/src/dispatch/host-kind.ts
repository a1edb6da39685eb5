import { synapsCatalog, type HookKindSpec } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";

/** Kind of the events in which the host tells of decisions. */
export const DECISION_KIND = "on_decision";

/** True for the kind that only the host raises: a program that could raise it could say that a guard agreed. */
export function isHosts(spec: HookKindSpec): boolean {
  return spec === synapsCatalog.kinds[DECISION_KIND];
}

/** The declaration of a kind that programs may raise. Throws a HostError for the host's own. */
export function raisable(kind: string, spec: HookKindSpec): HookKindSpec {
  if (isHosts(spec)) throw onlyTheHost(kind);
  return spec;
}

/** The error for a program that raises what only the host may raise. */
export function onlyTheHost(kind: string): HostError {
  return new HostError("EVENT_INVALID", `The event cannot be raised: only the host raises '${kind}'`, {
    hint: "Raise the event that is to be decided; the host tells subscribers of its outcome.",
  });
}
