import { createHash } from "node:crypto";
import type { SentEvent } from "./sent-event.js";

export interface PoisonLimits {
  poisonCrashes: number;
  poisonMs: number;
  poisonTable: number;
}

/** An event that is kept from an extension, because a process crashed while it had the event. Holds no content of the event. */
export interface PoisonedEvent {
  fingerprint: string;
  kind: string;
  tool: string | null;
  crashes: number;
  /** End of the embargo on the host's clock; undefined while the event is only suspected. */
  untilMs: number | undefined;
}

/** Of no concern; suspected of a crash, and therefore sent while no other suspect is under way; or not to be sent. */
export type Standing = "clean" | "suspect" | "poison";

/** Each event, and each projection of one, is identified once, however many extensions get it. */
const known = new WeakMap<SentEvent, string>();

/** Identifies an event by what could make an extension crash: kind, tool and content as sent, not session or time. */
export function fingerprint(event: SentEvent): string {
  let print = known.get(event);
  if (print === undefined) known.set(event, (print = hash(event)));
  return print;
}

function hash({ envelope }: SentEvent): string {
  const { kind, tool_name, tool_runtime_name, tool_input, tool_output, message, data } = envelope;
  const text = JSON.stringify([kind, tool_name, tool_runtime_name, tool_input, tool_output, message, data]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Remembers events that an extension crashed over. Bounded: the oldest suspicion makes room for a new one. */
export class PoisonTable {
  readonly #limits: PoisonLimits;
  readonly #events = new Map<string, PoisonedEvent>();

  constructor(limits: PoisonLimits) {
    this.#limits = limits;
  }

  get empty(): boolean {
    return this.#events.size === 0;
  }

  /** The process crashed once while it had these events. */
  suspect(events: readonly SentEvent[], nowMs: number): void {
    // The process may have had the same event several times over: that is still one crash.
    const distinct = new Map(events.map((event) => [fingerprint(event), event]));
    for (const [key, event] of distinct) {
      const { kind, toolName: tool } = event;
      const crashes = (this.#events.get(key)?.crashes ?? 0) + 1;
      const untilMs = crashes >= this.#limits.poisonCrashes ? nowMs + this.#limits.poisonMs : undefined;
      this.#events.delete(key);
      this.#events.set(key, { fingerprint: key, kind, tool, crashes, untilMs });
      const [oldest] = this.#events.keys();
      if (this.#events.size > this.#limits.poisonTable && oldest !== undefined) this.#events.delete(oldest);
    }
  }

  /** True if the extension crashed over this event before. */
  suspects(event: SentEvent): boolean {
    return !this.empty && this.#events.has(fingerprint(event));
  }

  /** The event was answered, so it is not to blame for any crash. */
  clear(event: SentEvent): void {
    if (!this.empty) this.#events.delete(fingerprint(event));
  }

  /** True if the event must not be sent. Costs nothing until the first crash. */
  blocks(event: SentEvent, nowMs: number): boolean {
    if (this.empty) return false;
    const key = fingerprint(event);
    const known = this.#events.get(key);
    if (known?.untilMs === undefined) return false;
    if (nowMs < known.untilMs) return true;
    this.#events.delete(key);
    return false;
  }

  forget(): void {
    this.#events.clear();
  }

  /** The events that are under an embargo now. */
  list(nowMs: number): PoisonedEvent[] {
    return [...this.#events.values()].filter(({ untilMs }) => untilMs !== undefined && nowMs < untilMs);
  }
}
