import {
  isHostTopic,
  topicMatches,
  topicPermission,
  WIRE_ERRORS,
  type JsonValue,
} from "@synaps/sdk/protocol";
import type { Outcome } from "../../dispatch/outcome.js";
import { HostError } from "../../errors.js";
import { Listeners } from "../../listeners.js";
import type { RaisedCount } from "../../observe/drops/raised-count.js";
import type { Extension } from "../../supervision/extension.js";
import { RequestFailure } from "../../transport/rpc/inbound-requests.js";
import { refused } from "../refusals.js";
import type { HostServices } from "../services.js";
import { checkedEvent, checkGlob, checkQuery } from "./check.js";
import { EventRing, seen, type EventQuery, type KeptEvent, type PublishedEvent } from "./event-ring.js";
import { TokenBucket } from "./token-bucket.js";

/** Topic of the facts about hooks that the host raises. */
const EXECUTED = "hook.executed";
/** The notification that tells an extension of an event. */
const PUBLISHED = "event.published";
/** Bytes that may wait in the pipe to an extension before it is told of no further event. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Given to a handler beside the event. */
export interface RaisedContext {
  /** Raises a further event, which counts the handlers it came through, also after an `await`: a loop ends after 8. */
  publish(topic: string, data?: JsonValue): void;
}

/** Told of an event on a topic that fits. Errors that it throws are logged. */
export type RaisedHandler = (event: PublishedEvent, context: RaisedContext) => unknown;

/** Events that extensions and the program raise for each other, by topic. Nobody waits for those who are told. */
export class RaisedEvents {
  readonly #services: HostServices;
  readonly #ring: EventRing;
  /** Globs that the program follows. */
  readonly #followed: string[] = [];
  readonly #listeners: Listeners<[PublishedEvent, RaisedContext]>;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #counts = new Map<string, RaisedCount>();
  readonly #always: boolean;
  /** Globs of the extensions, by extension, read once from their permissions. */
  readonly #globs = new Map<Extension, Readonly<Record<"publish" | "subscribe", readonly string[]>>>();
  /** Handlers that an event came through which is told right now. */
  #telling = 0;
  /** True while somebody wants the facts about hooks: the only thing that the way of a hook's event looks at. */
  wantsFacts: boolean;

  constructor(services: HostServices) {
    this.#services = services;
    this.#always = services.hookEvents;
    this.wantsFacts = this.#always;
    this.#ring = new EventRing(services.limits.eventRing);
    this.#listeners = new Listeners(services.logger, "raised events");
    services.inbound.answer("event.publish", (from, params) => this.#answer(from, params));
    services.onMembers((change) => {
      if (change.type !== "added")
        this.#globs.delete(change.type === "replaced" ? change.previous : change.extension);
      if (change.type === "removed")
        for (const kept of [this.#buckets, this.#counts]) kept.delete(change.extension.id);
      this.#look();
    });
  }

  /**
   * Raises an event. Everybody whose topics fit is told: extensions that run, without waiting for them, and the program's
   * own handlers, at once. Throws a HostError `TOPIC_INVALID` for a wrong topic, for data that is not JSON or has more
   * than 64 KiB, and for an event that came through 8 handlers already. It knows of the handler that calls it until the
   * handler's first `await`, and counts from 0 afterwards: a handler that waits raises events with its own `publish`.
   */
  publish(topic: string, data: JsonValue = null): void {
    this.publishFrom("program", topic, data);
  }

  /** The same in the name of a hook of the program. */
  publishFrom(from: string, topic: string, data: JsonValue, hops: number = this.#telling): void {
    this.#services.mustRun();
    const text = checkedEvent(topic, data, hops);
    if (isHostTopic(topic))
      throw new HostError("TOPIC_INVALID", `The event cannot be raised: only the host raises '${topic}'`, {
        hint: "Topics that begin with 'hook.' or 'host.' are the host's: choose another first name.",
      });
    this.#tell({ topic, text, from, at: this.#services.clock.wallMs(), hops });
  }

  /** Calls the handler for each event on a topic that fits the glob. Returns how to stop that. Throws for a wrong glob. */
  subscribe(glob: string, handler: RaisedHandler): () => void {
    checkGlob(glob);
    const stop = this.#listeners.listen((event, context) => {
      if (reaches(glob, event.topic)) return handler(event, context);
      return undefined;
    });
    return this.#counted(glob, stop);
  }

  /** The newest events that fit, oldest first, out of the last 1,024 with at most 8 MiB of text. Throws for wrong conditions. */
  query(query: EventQuery = {}): PublishedEvent[] {
    checkQuery(query);
    return this.#ring.query(query);
  }

  /** The events on topics that each extension follows, by their ends. */
  counts(): RaisedCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count }));
  }

  /** Number of events that an extension was not told of, because it did not read what had been sent. */
  dropped(extension: string): number {
    return this.#counts.get(extension)?.dropped ?? 0;
  }

  /** Raises the facts about an event of a hook: its kind, the outcome and the votes, never its payload. */
  executed({ kind, action, durationMs, votes, ...rest }: Outcome): void {
    const by = "by" in rest ? rest.by : null;
    const abstained = votes.filter(({ status }) => status === "abstained").length;
    const asked = votes.map(({ extension, subscription, status }) => ({ extension, subscription, status }));
    const data = {
      kind,
      action,
      by,
      duration_ms: durationMs,
      votes: votes.length,
      abstained,
      asked: asked.slice(0, 64),
    };
    const at = this.#services.clock.wallMs();
    this.#tell({ topic: EXECUTED, text: JSON.stringify(data), from: "host", at, hops: 0 });
  }

  #answer(from: Extension, params: unknown): object {
    if (from.loaded.protocol < 3)
      throw new RequestFailure(WIRE_ERRORS.method_not_found, "method not found: event.publish");
    const { topic, data = null, hops = 0 } = Object(params) as Record<string, JsonValue>;
    const text = checkedFor(topic, data, hops);
    const granted = this.#globsOf(from).publish.some((glob) => topicMatches(glob, topic as string));
    if (!granted) throw refused(`permission denied: events.publish:${String(topic)} required`);
    if (isHostTopic(topic as string)) throw refused(`only the host raises '${String(topic)}'`);
    const waitMs = this.#bucketOf(from.id).take();
    const { eventsPerSecond, eventsBurst } = this.#services.limits;
    if (waitMs > 0)
      throw new RequestFailure(
        WIRE_ERRORS.overloaded,
        `too many events: ${eventsPerSecond} a second and ${eventsBurst} at once may be raised; the next one in ${waitMs} ms`,
      );
    const at = this.#services.clock.wallMs();
    this.#tell({ topic: topic as string, text, from: from.id, at, hops: hops as number });
    return {};
  }

  #tell(event: KeptEvent): void {
    this.#ring.add(event);
    for (const extension of this.#services.extensions()) {
      // An extension that raises an event and follows the topic knows of it already.
      if (extension.id === event.from || !extension.generation?.features.has("events")) continue;
      if (this.#globsOf(extension).subscribe.some((glob) => reaches(glob, event.topic)))
        this.#tellExtension(extension, event);
    }
    if (this.#listeners.size > 0) this.#tellProgram(event);
  }

  #tellProgram(event: KeptEvent): void {
    const { topic, from, at, hops } = event;
    const publish = (further: string, data: JsonValue = null): void =>
      this.publishFrom("program", further, data, hops + 1);
    const before = this.#telling;
    this.#telling = hops + 1;
    try {
      this.#listeners.tell(
        {
          topic,
          from,
          at,
          hops,
          get data() {
            return seen(event).data;
          },
        },
        { publish },
      );
    } finally {
      this.#telling = before;
    }
  }

  #tellExtension(extension: Extension, event: KeptEvent): void {
    const { generation, id } = extension;
    const waiting = generation?.child.stdin.writableLength ?? 0;
    const told = waiting <= MAX_WAITING_BYTES && generation?.connection.tell(PUBLISHED, { ...seen(event) });
    const count = this.#counts.get(id) ?? { extension: id, offered: 0, told: 0, dropped: 0 };
    this.#counts.set(id, count);
    count.offered += 1;
    count[told ? "told" : "dropped"] += 1;
    if (!told) this.#services.drops.add({ extension: id, id: PUBLISHED, kind: PUBLISHED }, null, "unread");
  }

  #globsOf(extension: Extension): Readonly<Record<"publish" | "subscribe", readonly string[]>> {
    const known = this.#globs.get(extension);
    if (known) return known;
    const globs: Record<"publish" | "subscribe", string[]> = { publish: [], subscribe: [] };
    for (const name of extension.loaded.permissions) {
      const permission = topicPermission(name);
      if (permission) globs[permission.verb].push(permission.glob);
    }
    this.#globs.set(extension, globs);
    return globs;
  }

  #bucketOf(id: string): TokenBucket {
    const { clock, limits } = this.#services;
    const bucket =
      this.#buckets.get(id) ?? new TokenBucket(clock, limits.eventsPerSecond, limits.eventsBurst);
    this.#buckets.set(id, bucket);
    return bucket;
  }

  /** Returns how to stop following. */
  #counted(glob: string, stop: () => void): () => void {
    this.#followed.push(glob);
    this.#look();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      stop();
      this.#followed.splice(this.#followed.indexOf(glob), 1);
      this.#look();
    };
  }

  /** Looks if somebody follows the facts about hooks. */
  #look(): void {
    const followed = this.#services.extensions().flatMap((extension) => this.#globsOf(extension).subscribe);
    this.wantsFacts =
      this.#always || [...this.#followed, ...followed].some((glob) => reaches(glob, EXECUTED));
  }
}

/** True if the glob follows the topic. The host's own topics have to be named: `**` is not meant for them. */
function reaches(glob: string, topic: string): boolean {
  return topicMatches(glob, topic) && (!isHostTopic(topic) || isHostTopic(glob));
}

function checkedFor(topic: unknown, data: unknown, hops: unknown): string {
  try {
    return checkedEvent(topic, data, hops);
  } catch (error) {
    throw error instanceof HostError ? refused(error.message) : error;
  }
}
