import type { ExtensionContext, ExtensionDefinition } from "../define-extension.js";
import type { DroppedEvents, DroppedNotice } from "../protocol/dropped.js";
import { isJsonObject, type JsonObject } from "../protocol/json.js";
import type { HostRequests } from "./host-requests.js";
import { takeRaised } from "./raised.js";
import { messageOf } from "./unknown-values.js";

/** Takes a notification of the host about events: those that others raised, and those that were dropped. */
export function takeTold(
  { method, params }: { method: string; params: unknown },
  definition: ExtensionDefinition,
  context: ExtensionContext,
  calls: HostRequests,
): void {
  if (method === "event.published") takeRaised(params, definition, context, calls);
  if (method === "hook.dropped") takeDropped(params, definition, context);
}

/** Calls the handler of dropped events. Its errors are logged. */
function takeDropped(
  params: unknown,
  definition: Pick<ExtensionDefinition, "onDropped">,
  context: ExtensionContext,
): void {
  if (!isJsonObject(params) || !definition.onDropped) return;
  const failed = (error: unknown): void =>
    context.log(`the handler of dropped events failed: ${messageOf(error)}`);
  try {
    Promise.resolve(definition.onDropped(noticeOf(params), context)).catch(failed);
  } catch (error) {
    failed(error);
  }
}

function noticeOf({ dropped, total, hooks }: JsonObject): DroppedNotice {
  const rows = Array.isArray(hooks) ? hooks.filter(isJsonObject) : [];
  return { dropped: Number(dropped), total: Number(total), hooks: rows.map(rowOf) };
}

function rowOf({ subscription, kind, session, dropped, total }: JsonObject): DroppedEvents {
  return {
    subscription: String(subscription),
    kind: String(kind),
    session: typeof session === "string" ? session : null,
    dropped: Number(dropped),
    total: Number(total),
  };
}
