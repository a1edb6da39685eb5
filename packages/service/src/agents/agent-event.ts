import type { EventInput } from "@synaps/host";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { AgentEvent, AgentEventInfo, DialectName } from "./dialect.js";
import type { Payload } from "./payload.js";
import { commonToolName } from "./tool-names.js";
import { outputText } from "./tool-output.js";

/** The point of the `agent` catalog that every event without a kind of the `synaps` catalog becomes. */
export const CUSTOM = "agent.custom";

/** The members of an event that come from a payload. */
export interface Part {
  /** Members of the envelope. */
  readonly fields: Partial<EventInput>;
  /** Members of the payload that stand in the envelope, and are not repeated in `data`. */
  readonly used: readonly string[];
  /** Members that the kind wants in `data`. */
  readonly data?: JsonObject;
  /** The kind, where the payload decides it and not the event's name. */
  readonly kind?: string;
}

/** One event of an agent: its facts for people and installers, and the reader of its payload. */
export interface EventRow extends AgentEventInfo {
  /** Absent for events that are passed on as they come. */
  readonly read?: (payload: Payload) => Part;
}

/** The members that name event, session and folder in the payloads of one agent. */
export interface Common {
  readonly agent: DialectName;
  readonly sessionId: string | null;
  readonly cwd: string | null;
  /** The members of the payload from which these were read. */
  readonly used: readonly string[];
}

/** Puts an event together: the envelope, and in `data` where it comes from and all other members of the payload. */
export function agentEvent(
  common: Common,
  name: string,
  row: EventRow | undefined,
  payload: Payload,
): AgentEvent {
  const { agent, cwd, sessionId } = common;
  const part = row?.read?.(payload) ?? { fields: {}, used: [] };
  const kind = part.kind ?? row?.kind ?? CUSTOM;
  const own: JsonObject = {
    agent,
    agent_event: name,
    cwd,
    ...part.data,
    ...(kind === CUSTOM && {
      point: `${agent}.${name}`,
      component: { type: "agent", name: agent },
      ...(sessionId !== null && { session_id: sessionId }),
    }),
  };
  const data = { ...restOf(payload.raw, new Set([...common.used, ...part.used]), own), ...own };
  const fields = kind === CUSTOM ? {} : { session_id: sessionId, ...part.fields };
  return { agent, name, sessionId, cwd, payload: payload.raw, event: { kind, ...fields, data } };
}

/** Names that mean something to the catalog, so that a member of the agent's may not stand under them. */
const TAKEN = ["component", "tags", "metadata", "point", "payload"];

/** The members of a payload that stand nowhere else. Those whose names are taken stand below `payload`. */
function restOf(raw: JsonObject, used: ReadonlySet<string>, own: JsonObject): JsonObject {
  const rest: [string, JsonValue][] = [];
  const clashing: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(raw)) {
    if (used.has(name)) continue;
    (Object.hasOwn(own, name) || TAKEN.includes(name) ? clashing : rest).push([name, value]);
  }
  if (clashing.length > 0) rest.push(["payload", Object.fromEntries(clashing)]);
  return Object.fromEntries(rest);
}

/** A tool that is about to run. */
export function toolCall(
  name: string,
  input: JsonObject,
  callId: string | null,
  used: readonly string[],
): Part {
  return {
    fields: {
      tool_name: commonToolName(name),
      tool_runtime_name: name,
      tool_input: input,
      ...(callId !== null && { tool_call_id: callId }),
    },
    used,
  };
}

/** The call in a payload with `tool_name`, `tool_input` and `tool_use_id`. */
export const snakeCall = (payload: Payload): Part =>
  toolCall(payload.text("tool_name"), payload.object("tool_input"), payload.optionalText("tool_use_id"), [
    "tool_name",
    "tool_input",
    "tool_use_id",
  ]);

/** The result of such a call in one member; `failed` where the event itself says that the call failed. */
export const snakeResult =
  (member: string, failed?: true) =>
  (payload: Payload): Part => {
    const value = payload.get(member) ?? null;
    const isError = failed ?? (isJsonObject(value) && value["isError"] === true ? true : undefined);
    return toolResult(snakeCall(payload), value === null ? "" : outputText(value), isError, [member]);
  };

/** A tool that has run, with its output as text. */
export function toolResult(
  call: Part,
  output: string,
  isError: boolean | undefined,
  used: readonly string[],
): Part {
  return {
    fields: { ...call.fields, tool_output: output, ...(isError !== undefined && { is_error: isError }) },
    used: [...call.used, ...used],
  };
}

/** The last message of the model. Agents name neither its parts nor its calls: it has one part, and no call. */
export function finishedMessage(member: string): (payload: Payload) => Part {
  return (payload) => ({
    fields: { message: payload.optionalText(member) ?? "" },
    used: [member],
    data: { content_block_count: 1, has_tool_use: false },
  });
}

export const userMessage = (payload: Payload): Part => ({
  fields: { message: payload.text("prompt") },
  used: ["prompt"],
});

/** The beginning or the end of a session, which has to have a name. */
export function sessionMember(member: string): (payload: Payload) => Part {
  return (payload) => ({ fields: { session_id: payload.text(member) }, used: [] });
}

/**
 * A conversation that was summarised. Agents go on under the same name of the session, and none tells the number of
 * messages: it is 0.
 */
export function compaction(payload: Payload): Part {
  const session = payload.optionalText("session_id") ?? "";
  return {
    fields: { message: payload.optionalText("compact_summary") ?? "" },
    used: ["compact_summary", "trigger"],
    data: {
      old_session_id: session,
      new_session_id: session,
      message_count: 0,
      source: payload.optionalText("trigger") ?? "unknown",
    },
  };
}
