import { messageOf } from "./error-fields.js";
import type { HookAnswer } from "../agents/index.js";
import { closesAt } from "../agents/index.js";
import type { HookCall } from "./hooks.js";
import type { Params } from "./params.js";

/** Header in which a hook names the project that its agent works in. */
export const PROJECT_HEADER = "x-synaps-project";

/** Reads the hook of an agent from a request, and words its answer for whoever brought it. */
export const HookRequest = {
  /** From JSON-RPC: `{ agent, event?, closed?, project?, payload }`. */
  ofParams(params: Params): HookCall {
    return {
      agent: params.text("agent"),
      event: params.optionalText("event"),
      closed: params.flag("closed"),
      project: params.optionalText("project"),
      text: JSON.stringify(params.object("payload")),
    };
  },

  /** From HTTP: `POST /v1/hooks/<agent>?event=&closed=1`, with the payload as the body. */
  ofHttp(agent: string, query: URLSearchParams, project: string | undefined, text: string): HookCall {
    return {
      agent,
      event: query.get("event"),
      closed: query.get("closed") === "1",
      project: project === undefined || project === "" ? null : project,
      text,
    };
  },
};

/**
 * An answer as a shell script takes it apart: exit code and number of lines for standard error in the first line, then these
 * lines, then standard output as it is.
 */
export function shellForm({ exitCode, stdout, stderr }: HookAnswer): string {
  const lines = stderr === "" ? [] : stderr.replace(/\n$/, "").split("\n");
  return [`${exitCode} ${lines.length}`, ...lines, stdout].join("\n");
}

/** The answer to a hook that the service could not ask about: as a broken hook of the agent, or as the user chose. */
export function failedAnswer({ agent, event, closed }: HookCall, error: unknown): HookAnswer {
  const reason = `synaps: the hook could not be asked: ${messageOf(error)}`
    .replace(/\s+/g, " ")
    .slice(0, 500);
  const exitCode = closed && event !== null && closesAt(agent, event) ? 2 : 1;
  return { exitCode, stdout: "", stderr: reason, downgraded: [] };
}
