import { isJsonObject, WIRE_ERRORS } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { Extension } from "../../supervision/extension.js";
import { ask, type HostServices } from "../services.js";

/** Arguments with which an extension wants its sidecar started. */
export interface SpawnArgs {
  args: readonly string[];
  language: string | undefined;
}

/** The arguments for an extension that names none. */
export const DEFAULT_SPAWN_ARGS: SpawnArgs = { args: [], language: undefined };

const MAX_ARGS = 256;
const MAX_BYTES = 64 * 1024;

/**
 * Asks an extension for the arguments of its sidecar. An empty object means the defaults. Rejects with a HostError
 * when the extension answers with an error, with anything else, or not at all. `data.unknownMethod` is true when the
 * extension does not know the question.
 */
export async function askSpawnArgs(
  services: Pick<HostServices, "call" | "limits">,
  extension: Extension,
): Promise<SpawnArgs> {
  const deadlineMs = services.limits.screenMs;
  const end = await ask(services, extension, { method: "sidecar.spawn_args", params: null, deadlineMs });
  if (!("value" in end)) {
    const unknownMethod = end.status === "failed" && end.error?.code === WIRE_ERRORS.method_not_found;
    throw failure(extension.id, end.reason, unknownMethod);
  }
  const args = readSpawnArgs(end.value);
  if (args) return args;
  throw failure(extension.id, "the answer is not {args?: [text], language?: text}, or too long", false);
}

function readSpawnArgs(value: unknown): SpawnArgs | undefined {
  if (!isJsonObject(value)) return undefined;
  const { args = [], language } = value;
  const isText = (one: unknown): one is string => typeof one === "string" && !one.includes("\0");
  if (!Array.isArray(args) || args.length > MAX_ARGS || !args.every(isText)) return undefined;
  if (args.reduce((sum, arg) => sum + Buffer.byteLength(arg), 0) > MAX_BYTES) return undefined;
  if (language == null) return { args, language: undefined };
  return isText(language) && language.length <= 64 ? { args, language } : undefined;
}

function failure(id: string, why: string, unknownMethod: boolean): HostError {
  return new HostError("SIDECAR_ARGS_FAILED", `Extension '${id}' gave no arguments for its sidecar: ${why}`, {
    hint: "Answer sidecar.spawn_args with {args, language}; {} means the defaults.",
    data: { extension: id, unknownMethod },
  });
}
