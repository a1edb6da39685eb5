import { WIRE_ERRORS, type Permission } from "@synaps/sdk/protocol";
import { HostError, type HostErrorCode } from "../errors.js";
import type { Extension } from "../supervision/extension.js";
import { RequestFailure } from "../transport/rpc/inbound-requests.js";

/** The answer to a malformed request of an extension. */
export function refused(message: string): RequestFailure {
  return new RequestFailure(WIRE_ERRORS.invalid_params, message);
}

/** Throws for an extension that lacks the permission, with the reference's code and words. */
export function need({ loaded }: Extension, permission: Permission): void {
  if (!loaded.permissions.has(permission)) throw refused(`permission denied: ${permission} required`);
}

/** Turns a HostError into an answer: `theirs` says that the request was wrong, any other that the store failed. */
export async function asFailure<T>(work: Promise<T>, theirs: HostErrorCode): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const code = error.code === theirs ? WIRE_ERRORS.invalid_params : WIRE_ERRORS.store_error;
    throw new RequestFailure(code, error.message);
  }
}
