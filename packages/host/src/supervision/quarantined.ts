import { HostError } from "../errors.js";

/** What is said of an extension that is set aside since an earlier run. */
export function quarantined({ id, reason }: { id: string; reason: string | undefined }): HostError {
  const why = `Extension '${id}' crashed too often and is set aside: ${reason ?? "no reason is known"}`;
  return new HostError("EXTENSION_QUARANTINED", why, {
    hint: `It is tried again after a while, or now with: synaps-ext resume ${id}`,
  });
}
