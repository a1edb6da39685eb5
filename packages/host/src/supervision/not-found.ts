import { HostError } from "../errors.js";

/** What is said when somebody names an extension that the host does not have. */
export function extensionNotFound(id: string, known: readonly { id: string }[]): HostError {
  const hint = `Known: ${known.map((one) => one.id).join(", ") || "none"}.`;
  return new HostError("EXTENSION_NOT_FOUND", `There is no extension '${id}' with a process`, { hint });
}
