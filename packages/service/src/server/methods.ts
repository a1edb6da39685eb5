import {
  HostError,
  type CommandOutcome,
  type EventInput,
  type InterceptKinds,
  type Outcome,
  type OutputEvent,
  type ToolResult,
} from "@synaps/host";
import { isJsonObject } from "@synaps/sdk/protocol";
import { HookRequest } from "./hook-request.js";
import { noticeOf, type OutcomeNotice } from "./outcomes.js";
import { Params } from "./params.js";
import type { RunEnd } from "./operations.js";
import type { ServiceParts } from "./parts.js";

/** The one who asks, whichever way he came. */
export interface Caller {
  /** Aborted when he is gone: what was begun for him is given up. */
  readonly signal: AbortSignal;
  /** Sends him something beside the answer. Only for methods that stream. */
  readonly tell: (name: string, value: unknown) => void;
}

type Method = (params: Params, caller: Caller, parts: ServiceParts) => unknown;

/**
 * Everything that may be asked, by name, over JSON-RPC and over HTTP alike. Nothing here approves, configures, installs or ends
 * anything: who can reach the socket is a program of this user, and not the user.
 */
export const METHODS: Readonly<Record<string, Method>> = {
  status: (_params, _caller, parts) => parts.status(),

  /** Raises an event and answers with its outcome. */
  async emit(params, _caller, parts) {
    const about = aboutOf(params);
    const event = eventOf<EventInput>(params, about);
    return parts.projects.with(about.cwd, async ({ host, folder }) => {
      const first = await host.emit(event, traced(about.agent));
      const outcome = params.flag("settled") ? await first.settled : first;
      tellOutcome(parts, outcome, event, about, folder);
      return outcome;
    });
  },

  "intercept/before"(params, caller, parts) {
    const about = aboutOf(params);
    const kinds = params.object("kinds") as unknown as InterceptKinds;
    const event = eventOf<Omit<EventInput, "kind">>(params, about);
    return parts.operations.begin(kinds, event, {
      folder: about.cwd,
      agent: about.agent,
      signal: caller.signal,
      ended: (end, project) => {
        for (const outcome of [end.before, "after" in end ? end.after : undefined])
          if (outcome !== undefined) tellOutcome(parts, outcome, event, about, project);
      },
    });
  },

  "intercept/confirm": (params, _caller, parts) =>
    parts.operations.confirm(params.text("ticket"), params.flag("agreed")),

  "intercept/after": (params, _caller, parts) => parts.operations.after(params.text("ticket"), endOf(params)),

  "tools/list": (params, _caller, parts) =>
    parts.projects.with(aboutOf(params).cwd, async ({ host }) => {
      await host.start();
      return host.tools.list();
    }),

  /** Calls a tool. A hook that wants a confirmation blocks it: there is nobody to ask here. */
  "tools/call": (params, caller, parts): Promise<ToolResult> =>
    parts.projects.with(aboutOf(params).cwd, async ({ host }) => {
      await host.start();
      return host.tools.call(params.text("name"), params.any("input") ?? {}, {
        signal: caller.signal,
        confirm: "block",
        sessionId: params.optionalText("session_id"),
        onProgress: (progress) => caller.tell("progress", progress),
      });
    }),

  "commands/list": (params, _caller, parts) =>
    parts.projects.with(aboutOf(params).cwd, async ({ host }) => {
      await host.start();
      return host.commands.list();
    }),

  "commands/invoke": (params, caller, parts): Promise<CommandOutcome> =>
    parts.projects.with(aboutOf(params).cwd, async ({ host }) => {
      await host.start();
      return host.commands.invoke(params.text("command"), params.texts("args"), {
        signal: caller.signal,
        onOutput: (event: OutputEvent) => caller.tell("output", event),
      });
    }),

  /** Tells each outcome from now on, of all projects or of the one that `cwd` is in. Ends with the caller. */
  outcomes(params, caller, parts) {
    const { cwd } = aboutOf(params);
    const session = params.optionalText("session_id");
    const wanted = (notice: OutcomeNotice): boolean =>
      (cwd === null || notice.cwd === cwd || notice.project === cwd) &&
      (session === null || notice.session_id === session);
    return new Promise((resolve) => {
      const stop = parts.outcomes.follow((notice) => {
        if (wanted(notice)) caller.tell("outcome", notice);
      });
      caller.signal.addEventListener(
        "abort",
        () => {
          stop();
          resolve(null);
        },
        { once: true },
      );
      caller.tell("following", {});
    });
  },

  /** The hook of an agent. Answers with the end of the process that the agent waits for. */
  hooks: (params, _caller, parts) => parts.hooks.answer(HookRequest.ofParams(params)),
};

/** Runs a method: its result, or a promise of it. Throws a HostError for one that does not exist. */
export function callMethod(name: string, params: unknown, caller: Caller, parts: ServiceParts): unknown {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (method === undefined)
    throw new HostError("SERVICE_INVALID", `There is no method '${name.slice(0, 60)}'`, {
      hint: `There are: ${Object.keys(METHODS).join(", ")}.`,
    });
  return method(new Params(params), caller, parts);
}

interface About {
  readonly cwd: string | null;
  readonly agent: string | null;
}

function aboutOf(params: Params): About {
  return { cwd: params.optionalText("cwd"), agent: params.optionalText("agent") };
}

/** The event with `cwd` and `agent` of whoever asks in its data, where guards look for them. What stands there already stays. */
function eventOf<E>(params: Params, { cwd, agent }: About): E {
  const event = params.object("event");
  const data = event["data"] ?? null;
  if (data !== null && !isJsonObject(data)) return event as E;
  const from = { ...(cwd === null ? {} : { cwd }), ...(agent === null ? {} : { agent }) };
  return (Object.keys(from).length === 0 ? event : { ...event, data: { ...from, ...data } }) as E;
}

function traced(agent: string | null): { traceFields?: { agent: string } } {
  return agent === null ? {} : { traceFields: { agent } };
}

function endOf(params: Params): RunEnd {
  const error = params.optionalText("error");
  if (error !== null) return { output: error, isError: true };
  const output = params.any("output") ?? null;
  return {
    output: output === null || typeof output === "string" ? output : JSON.stringify(output),
    isError: params.flag("is_error"),
  };
}

function tellOutcome(
  parts: ServiceParts,
  outcome: Outcome,
  event: Omit<EventInput, "kind">,
  { cwd, agent }: About,
  project: string | null,
): void {
  if (!parts.outcomes.wanted) return;
  const about = {
    agent,
    agent_event: null,
    session_id: event.session_id ?? null,
    cwd,
    project,
    tool_name: event.tool_name ?? null,
    downgraded: [],
  };
  parts.outcomes.tell(noticeOf(outcome, about, parts.clock.wallMs()));
}
