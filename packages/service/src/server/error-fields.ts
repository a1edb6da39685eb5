import { HostError } from "@synaps/host";

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as it is told over HTTP and JSON-RPC. */
export interface ErrorFields {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export function errorFields(error: unknown): ErrorFields {
  const known = error instanceof HostError ? error : undefined;
  return {
    code: known?.code ?? "INTERNAL",
    message: messageOf(error),
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
  };
}

/** The HTTP status of an error: the one who asked made a mistake, there is too much to do, or the service failed. */
export function statusOf(error: unknown): number {
  if (!(error instanceof HostError)) return 500;
  switch (error.code) {
    case "SERVICE_BUSY":
    case "SERVICE_UNAVAILABLE":
      return 503;
    case "HOST_STOPPED":
    case "HOST_NOT_STARTED":
      return 500;
    default:
      return error.code.endsWith("_NOT_FOUND") ? 404 : 400;
  }
}
