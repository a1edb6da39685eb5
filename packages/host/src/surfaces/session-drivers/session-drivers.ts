import type { CallFailure } from "../../delivery/results.js";
import { ask, type HostServices } from "../services.js";
import { readDriver, type DriverReading } from "./driver-action.js";
import type { Feedback } from "./turn-feedback.js";

/** The end of the last turn, for the extension to decide on the next one. Holds no text of the session. */
export interface DriverPoll {
  runId: string;
  /** New for each question, so that a question that is asked twice is answered once. */
  decisionId: string;
  outcome: "success" | "provider_error" | "selection_rejected" | "time_checkpoint" | "blocked";
  errorKind: "none" | "auth" | "quota" | "rate_limit" | "transient" | "wall_clock" | "unknown";
  model: string;
  effort: string;
  /** Only for a run that wants it. */
  feedback?: Feedback;
  sessionId?: string;
}

/** The checked answer of the extension, or the reason for having none. */
export type PollAnswer = { status: "done"; reading: DriverReading } | CallFailure;

/** Asks extensions that drive a session for the next step. Keeps no run: the program knows the present one. */
export class SessionDrivers {
  readonly #services: HostServices;
  #lastRequest = 0;

  constructor(services: HostServices) {
    this.#services = services;
  }

  /**
   * Asks once, with 5 s. A proposal for another run is refused. Rejects with a HostError only when there is no such
   * extension; `signal` gives the question up.
   */
  async poll(id: string, poll: DriverPoll, signal?: AbortSignal): Promise<PollAnswer> {
    const extension = this.#services.extension(id);
    this.#lastRequest += 1;
    const end = await ask(this.#services, extension, {
      method: "command.invoke",
      params: {
        command: "__session_driver__",
        args: [JSON.stringify(wireOf(poll))],
        request_id: `session-driver-${this.#lastRequest}`,
      },
      deadlineMs: this.#services.limits.screenMs,
      signal,
    });
    if (!("value" in end)) return end;
    return {
      status: "done",
      reading: ofRun(readDriver(extension.loaded, end.value, ["next", "stop"]), poll.runId),
    };
  }
}

function ofRun(reading: DriverReading, runId: string): DriverReading {
  if (reading.type !== "action" || reading.action.action !== "next" || reading.action.runId === runId)
    return reading;
  return { type: "refused", problem: "it answered for another run_id" };
}

function wireOf({
  runId,
  decisionId,
  outcome,
  errorKind,
  model,
  effort,
  feedback,
  sessionId,
}: DriverPoll): object {
  return {
    run_id: runId,
    decision_id: decisionId,
    outcome,
    error_kind: errorKind,
    model,
    effort,
    ...(feedback === undefined ? {} : { feedback }),
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
  };
}
