import type { JsonValue } from "./protocol/json.js";
import type { RaisedEvent } from "./protocol/topics.js";

/** Events that extensions and programs raise for each other, by topic (protocol 3). */
export interface ExtensionEvents {
  /**
   * Raises an event; needs the permission `events.publish:<glob>` for the topic. Resolves when the host took it: nobody
   * waits for those who are told. Rejects with an ExtensionError: code -32602 for a missing permission, a topic that is
   * no lower-case dotted name, data over 64 KiB, and an event that came through 8 handlers; 1005 beyond the quota, which
   * is 100 a second and 200 at once by default.
   */
  publish(topic: string, data?: JsonValue): Promise<void>;
}

/** An event as a handler of `onEvent` gets it. */
export interface PublishedEvent extends RaisedEvent {
  data: JsonValue;
}

type Ask = (method: string, params: JsonValue) => Promise<JsonValue>;

/** `hops`: number of handlers that an event raised now comes through. */
export function eventsOf(ask: Ask, hops: number): ExtensionEvents {
  return Object.freeze({
    publish: async (topic: string, data: JsonValue = null) => {
      await ask("event.publish", hops === 0 ? { topic, data } : { topic, data, hops });
    },
  });
}
