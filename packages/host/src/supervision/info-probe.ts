import { NULL_PARAMS } from "../transport/rpc/raw-params.js";
import type { Declarations } from "./declarations.js";
import type { Extension } from "./extension.js";
import type { Generation } from "./generation.js";

const DEADLINE_MS = 5_000;

/**
 * The reference asks extensions that declare something about themselves, once. Whatever comes back is fine; no answer
 * as well.
 */
export function probeInfo(
  extension: Extension,
  { connection }: Generation,
  { tools, providers, capabilities }: Declarations,
  keep: (info: unknown) => void,
): void {
  if (tools.length + providers.length + capabilities.length === 0) return;
  if (extension.restartCount > 0 || !extension.lanes.tryAcquire("call")) return;
  void connection.request("info.get", NULL_PARAMS, DEADLINE_MS).then((reply) => {
    extension.lanes.release("call");
    if (reply.type === "result") keep(reply.result);
  });
}
