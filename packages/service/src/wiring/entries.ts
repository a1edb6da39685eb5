import { isDeepStrictEqual } from "node:util";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { AgentName } from "../agents/index.js";
import type { FileForm } from "./agent-files.js";
import { AGENT_LIMIT_S, END_AGENT_LIMIT_S, END_EVENTS, REFUSAL } from "./hook-limits.js";
import { shellQuoted } from "./shell-words.js";

/** The way in which the hook ends where it has no answer. */
export type Mode = "open" | "closed";

/** The HTTP listener of the service, and the text that stands for its token in the agent's file. */
export interface HttpWay {
  readonly port: number;
  /** The variable of the environment that holds the token; undefined where the token itself stands in the file. */
  readonly tokenEnv: string | undefined;
  readonly token: string;
}

/** One entry of a configuration file, as it is meant. */
export interface EntryPlan {
  readonly agent: AgentName;
  readonly event: string;
  readonly mode: Mode;
  /** The path of the hook program. */
  readonly hook: string;
  /** Undefined for a command. */
  readonly http: HttpWay | undefined;
}

/** Returns the element that stands for an entry in the list of its event. */
export function entryValue(plan: EntryPlan, form: FileForm): JsonObject {
  const handler = plan.http ? httpHandler(plan, plan.http) : commandHandler(plan);
  return form === "flat" ? handler : { hooks: [handler] };
}

/** The command line that an agent gives to a shell. A missing hook program ends as a hook without an answer does. */
export function commandLine({ agent, event, mode, hook }: Omit<EntryPlan, "http">): string {
  const program = shellQuoted(hook);
  const run = `if [ -x ${program} ]; then exec ${program} ${agent} ${event} ${mode}; fi`;
  return mode === "closed"
    ? `${run}; echo ${shellQuoted(REFUSAL)} >&2; exit 2`
    : `${run}; echo ${shellQuoted(`Synaps: the hook program is missing. Run: synaps-ext agents wire ${agent}, or: synaps-ext agents unwire ${agent}`)} >&2; exit 1`;
}

function commandHandler(plan: EntryPlan): JsonObject {
  const command = commandLine(plan);
  const seconds = limitOf(plan.event);
  switch (plan.agent) {
    case "claude-code":
    case "codex":
      return { type: "command", command, timeout: seconds };
    case "gemini":
      return { name: "synaps", type: "command", command, timeout: seconds * 1000 };
    case "cursor":
      return { command, timeout: seconds, ...(plan.mode === "closed" ? { failClosed: true } : {}) };
    case "copilot":
      return { type: "command", bash: command, timeoutSec: seconds };
  }
}

function httpHandler({ event }: EntryPlan, { port, token, tokenEnv }: HttpWay): JsonObject {
  return {
    type: "http",
    url: `http://127.0.0.1:${port}${HTTP_PATH}${event}`,
    timeout: limitOf(event),
    headers: { Authorization: `Bearer ${tokenEnv === undefined ? token : `$${tokenEnv}`}` },
    ...(tokenEnv === undefined ? {} : { allowedEnvVars: [tokenEnv] }),
  };
}

const HTTP_PATH = "/v1/hooks/claude-code?event=";

function limitOf(event: string): number {
  return END_EVENTS.some((name) => name === event) ? END_AGENT_LIMIT_S : AGENT_LIMIT_S;
}

/** An entry of ours that was found in a file, or a part of one. */
export interface FoundEntry {
  readonly event: string;
  /** True if somebody changed it, so that it is not known any more what it is for. */
  readonly edited: boolean;
  readonly mode: Mode;
  readonly transport: "command" | "http";
  /** True if the list element holds further handlers, which are the user's. */
  readonly shared: boolean;
  /** The handler as it stands there. */
  readonly handler: JsonObject;
}

/** Looks at an element of an event's list. Undefined for an element in which nothing is ours. */
export function foundEntry(
  agent: AgentName,
  event: string,
  element: JsonValue,
  form: FileForm,
): FoundEntry | undefined {
  if (!isObject(element)) return undefined;
  const { hooks } = element;
  const handlers = form === "flat" ? [element] : Array.isArray(hooks) ? hooks : [];
  const handler = handlers.filter(isObject).find((one) => mayBeOurs(one));
  if (handler === undefined) return undefined;
  const plan = planOf(agent, event, handler);
  const isOurs =
    plan !== undefined &&
    isDeepStrictEqual(handler, handlerOf(plan)) &&
    (form === "flat" || Object.keys(element).every((key) => key === "hooks"));
  return {
    event,
    edited: !isOurs,
    mode: plan?.mode ?? "open",
    transport: handler["type"] === "http" ? "http" : "command",
    shared: handlers.length > 1,
    handler,
  };
}

/** True for a handler that somebody made from one of ours, however it looks by now. */
export function mayBeOurs(handler: JsonObject): boolean {
  const { command, bash, url } = handler;
  const line = [command, bash].find((text) => typeof text === "string");
  if (typeof line === "string") return /extensions\/agents\/hook\b/.test(line);
  return typeof url === "string" && url.includes(HTTP_PATH);
}

function handlerOf(plan: EntryPlan): JsonObject {
  return plan.http ? httpHandler(plan, plan.http) : commandHandler(plan);
}

/** Parts of a command line of ours: the quoted program, the agent, the event and the mode. */
const COMMAND = /^if \[ -x ('(?:[^']|'\\'')*') \]; then exec \1 (\S+) (\S+) (open|closed); fi; /;

/** Reads from a handler what it was made of. Anything that does not fit shows when the handler is made anew. */
function planOf(agent: AgentName, event: string, handler: JsonObject): EntryPlan | undefined {
  const { command, bash, url, headers, allowedEnvVars } = handler;
  const line = command ?? bash;
  if (typeof line === "string") {
    const [, quoted, , , mode] = COMMAND.exec(line) ?? [];
    if (quoted === undefined || (mode !== "open" && mode !== "closed")) return undefined;
    return { agent, event, mode, hook: quoted.slice(1, -1).replaceAll(`'\\''`, "'"), http: undefined };
  }
  const port = /^http:\/\/127\.0\.0\.1:(\d{1,5})\//.exec(String(url))?.[1];
  const bearer = isObject(headers ?? null) ? (headers as JsonObject)["Authorization"] : undefined;
  if (port === undefined || typeof bearer !== "string") return undefined;
  const token = bearer.slice("Bearer ".length);
  const tokenEnv = allowedEnvVars === undefined ? undefined : token.slice(1);
  return { agent, event, mode: "open", hook: "", http: { port: Number(port), token, tokenEnv } };
}

/** True for an object, which a list is not. */
export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
