import type { ExtensionContext, ExtensionDefinition } from "../define-extension.js";
import { isJsonObject } from "../protocol/json.js";
import { topicMatches } from "../protocol/topics.js";
import { eventsOf, type PublishedEvent } from "../raised-events.js";
import type { HostRequests } from "./host-requests.js";
import { messageOf } from "./unknown-values.js";

/** Calls the handlers whose topics fit an event that was raised. Errors of handlers are logged, nobody waits for them. */
export function takeRaised(
  params: unknown,
  { onEvent = {} }: Pick<ExtensionDefinition, "onEvent">,
  context: ExtensionContext,
  calls: HostRequests,
): void {
  if (!isJsonObject(params)) return;
  const { topic, data = null, from, at, hops } = params;
  if (typeof topic !== "string") return;
  const event: PublishedEvent = {
    topic,
    data,
    from: String(from),
    at: Number(at),
    hops: typeof hops === "number" ? hops : 0,
  };
  const own = Object.create(context, {
    events: { value: eventsOf(calls.request.bind(calls), event.hops + 1), enumerable: true },
  }) as ExtensionContext;
  for (const [glob, handler] of Object.entries(onEvent)) {
    if (!topicMatches(glob, topic)) continue;
    const failed = (error: unknown): void =>
      context.log(`the handler of the events '${glob}' failed: ${messageOf(error)}`);
    try {
      Promise.resolve(handler(structuredClone(event), own)).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
