import { agentEvent, CUSTOM, type EventRow } from "./agent-event.js";
import type { AgentEvent, Dialect, DialectName } from "./dialect.js";
import { Payload } from "./payload.js";
import { answer, type Voice } from "./voice.js";

/** One dialect as data: its events, where payloads name session and folder, and the words at each event. */
export interface DialectParts<A extends DialectName> {
  readonly agent: A;
  readonly title: string;
  readonly timeoutUnit: Dialect["timeoutUnit"];
  readonly rows: readonly EventRow[];
  /** The words at each event; an event that is not here takes none. */
  readonly voices: Readonly<Record<string, Voice | ((event: AgentEvent) => Voice)>>;
  /** The members that may name the session, best first. Default `session_id`. */
  readonly sessionMembers?: readonly string[];
  /** Finds the folder that the operation works in. Default: the member `cwd`. */
  readonly cwdOf?: (payload: Payload) => string | null;
}

export function makeDialect<A extends DialectName>(parts: DialectParts<A>): Dialect & { readonly agent: A } {
  const { agent, title, rows, voices } = parts;
  const { sessionMembers = ["session_id"], cwdOf = (payload: Payload) => payload.optionalText("cwd") } =
    parts;
  const byName = new Map(rows.map((row) => [row.name, row]));
  const used = ["hook_event_name", "cwd", ...sessionMembers];
  return {
    agent,
    title,
    timeoutUnit: parts.timeoutUnit,
    events: rows.map(({ read: _read, ...info }) => info),
    decode(raw, wiredFor) {
      const payload = new Payload(title, raw);
      const name = payload.eventName(wiredFor);
      const common = { agent, sessionId: payload.firstText(...sessionMembers), cwd: cwdOf(payload), used };
      return agentEvent(common, name, byName.get(name), payload);
    },
    encode(event, outcome, options) {
      const voice = Object.hasOwn(voices, event.name) ? voices[event.name] : undefined;
      return answer(
        title,
        typeof voice === "function" ? voice(event) : (voice ?? {}),
        event,
        outcome,
        options,
      );
    },
  };
}

/** The facts of an event that differ from the usual: wired, and with no refusal. */
type Facts = Partial<Pick<EventRow, "wired" | "refuses" | "closes">>;

/** Facts of an event that is wired only when all events are asked for. */
export const UNWIRED: Facts = { wired: false };

/** An event that has a kind of its own. */
export function known(name: string, kind: string, read: EventRow["read"], facts: Facts = {}): EventRow {
  return { ...passed(name, facts), kind, ...(read && { read }) };
}

/** An event that is passed on as it came. */
export function passed(
  name: string,
  { wired = true, refuses = false, closes = false }: Facts = {},
): EventRow {
  return { name, kind: CUSTOM, wired, refuses, closes };
}
