import type { JsonObject } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { IndexedModel } from "./provider-index.js";

export interface AuditCounts {
  /** Tools that the provider was told of. */
  exposed: number;
  /** Tools that the provider asked for, over all turns. */
  requested: number;
  streamed: boolean;
}

type ErrorClass = "trust_disabled" | "trust_unreadable" | "canceled" | "provider_error";

export function errorClassOf(error: unknown): ErrorClass {
  switch (error instanceof HostError ? error.code : undefined) {
    case "PROVIDER_DISABLED":
      return "trust_disabled";
    case "TRUST_UNREADABLE":
      return "trust_unreadable";
    case "PROVIDER_CANCELLED":
      return "canceled";
    default:
      return "provider_error";
  }
}

/** One route to a provider, in the keys of the public ecosystem's audit file. No prompt and no output. */
export function auditLine(
  { info, model }: IndexedModel,
  { exposed, requested, streamed }: AuditCounts,
  nowMs: number,
  errorClass?: ErrorClass,
): JsonObject {
  const blocked = errorClass === "trust_disabled" || errorClass === "trust_unreadable";
  return {
    timestamp: new Date(nowMs).toISOString(),
    plugin_id: info.extension,
    provider_id: info.provider,
    model_id: model.id,
    tools_exposed: exposed,
    tools_requested: requested,
    streamed,
    outcome: errorClass === undefined ? "ok" : blocked ? "blocked" : "error",
    ...(errorClass === undefined ? {} : { error_class: errorClass }),
  };
}
